using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>Runs the decisions of a batch one after the other against the state, and turns what they add into the bytes of a batch.</summary>
internal sealed class BatchBuilder(LedgerState state, Actor actor, ISecretRedactor? redactor)
{
    private readonly ByteBuffer _buffer = new(64 * 1024);
    private readonly List<Decision> _decided = [];

    /// <summary>Whole lines; the last of them the commit line once <see cref="Seal"/> was called.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.Memory;

    /// <summary>How many lines.</summary>
    public long Lines { get; private set; }

    /// <summary>Begins a new batch.</summary>
    public void Clear()
    {
        _buffer.Cut(0);
        _decided.Clear();
        Lines = 0;
        CommitLength = 0;
    }

    /// <summary>Adds an event of the store's own.</summary>
    public void AddOwn(NewEvent newEvent)
    {
        var transaction = new LedgerTransaction(state.Clock.Now, state.Size, state.Projection);
        transaction.AddOwn(newEvent);
        Encode(transaction);
        state.Accept();
    }

    /// <summary>Runs a decision. An error of it, or of its events' data, is given to its caller alone.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="readOnly">Why nothing can be appended, or null.</param>
    public void Run(Decision decision, AgentOpsException? readOnly)
    {
        if (decision.IsOver || !decision.Run(new LedgerTransaction(state.Clock.Now, state.Size, state.Projection)))
        {
            return;
        }

        var transaction = decision.Transaction!;
        if (transaction.Events.Count > 0)
        {
            if (readOnly is not null)
            {
                decision.Fail(readOnly);
                return;
            }

            var (length, lines) = (_buffer.Length, Lines);
            try
            {
                Encode(transaction);
            }
            catch (AgentOpsException exception)
            {
                _buffer.Cut(length);
                Lines = lines;
                state.DropPending();
                decision.Fail(exception);
                return;
            }

            _decided.Add(decision);
            state.Accept();
            return;
        }

        _decided.Add(decision);
    }

    /// <summary>The length of the commit line of a sealed batch, with its line feed.</summary>
    public int CommitLength { get; private set; }

    /// <summary>Closes the batch with a signed commit line.</summary>
    public void Seal(LedgerSigner signer)
    {
        var root = state.Tree.Root;
        var commit = new CommitLine(state.Size, root, [signer.Sign(CommitLine.GetNote(signer.Verifier.Name, state.Size, root))]);
        state.Seal(commit);
        var line = commit.ToBytes();
        System.Buffers.BuffersExtensions.Write(_buffer, line);
        Lines++;
        CommitLength = line.Length;
    }

    /// <summary>Lets the callers go on.</summary>
    public void Complete()
    {
        foreach (var decision in _decided)
        {
            decision.Complete();
        }
    }

    /// <summary>Gives every caller of the batch an error.</summary>
    public void Fail(Exception exception)
    {
        foreach (var decision in _decided)
        {
            decision.Fail(exception);
        }
    }

    private void Encode(LedgerTransaction transaction)
    {
        var records = new LedgerRecord[transaction.Events.Count];
        for (var i = 0; i < records.Length; i++)
        {
            var start = _buffer.Length;
            records[i] = RecordCodec.Write(transaction.Events[i], state.Size + i, transaction.Now, actor, redactor, _buffer);
            state.Add(records[i], MerkleHash.Leaf(_buffer.Span[start..]));
            System.Buffers.BuffersExtensions.Write(_buffer, "\n"u8);
            Lines++;
        }

        transaction.Records = records;
    }
}
