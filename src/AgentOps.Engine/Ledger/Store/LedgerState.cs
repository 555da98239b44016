namespace AgentOps.Engine.Ledger;

/// <summary>
/// What a process knows of a ledger: the tree, the keys, the clock and the projection, all at the same committed
/// size. Not thread-safe: the store guards it.
/// </summary>
internal sealed class LedgerState(ILedgerProjection projection, TimeProvider time)
{
    private readonly List<(LedgerRecord Record, MerkleHash Leaf)> _pending = [];
    private string? _origin;
    private VerifierKey? _sealingKey;

    /// <summary>The tree over all committed records.</summary>
    public MerkleFrontier Tree { get; } = new();

    /// <summary>The clock.</summary>
    public HighWaterClock Clock { get; } = new(time);

    /// <summary>The projection.</summary>
    public ILedgerProjection Projection => projection;

    /// <summary>How many records are committed.</summary>
    public long Size => Tree.Size;

    /// <summary>How many records stand after the last commit line.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>The time of the newest record, pending ones included.</summary>
    public DateTimeOffset LastTime { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The time of the newest record in the tree.</summary>
    public DateTimeOffset LastCommittedTime { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The key that signs the batches after the present one, or null before the first record.</summary>
    public VerifierKey? Key { get; private set; }

    /// <summary>The key that signs the present batch: a new key takes over with the batch after the one that names it.</summary>
    public VerifierKey? SealingKey => _sealingKey ?? Key;

    /// <summary>The key that signed the last commit line, or null.</summary>
    public VerifierKey? LastKey { get; private set; }

    /// <summary>The newest commit line, or null before the first.</summary>
    public CommitLine? LastCommit { get; private set; }

    /// <summary>The name of the ledger, or null before the first record.</summary>
    public string? Origin => _origin;

    /// <summary>The first event that this version does not know; from there on the projection stands still.</summary>
    public string? UnknownEvent { get; private set; }

    /// <summary>How many records the projection has applied.</summary>
    public long Applied { get; private set; }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        _pending.Clear();
        Tree.Restore(0, []);
        LastTime = LastCommittedTime = DateTimeOffset.MinValue;
        Key = LastKey = _sealingKey = null;
        LastCommit = null;
        _origin = null;
        UnknownEvent = null;
        Applied = 0;
        projection.Reset();
    }

    /// <summary>Restores what a snapshot holds, except the projection.</summary>
    public void Restore(MerkleFrontier tree, DateTimeOffset lastTime, VerifierKey key, VerifierKey lastKey, CommitLine commit)
    {
        Reset();
        Tree.CopyFrom(tree);
        LastTime = LastCommittedTime = lastTime;
        Clock.Raise(lastTime);
        Key = _sealingKey = key;
        LastKey = lastKey;
        _origin = key.Name;
        LastCommit = commit;
        Applied = tree.Size;
    }

    /// <summary>Takes a line of the log that stands after the last commit line.</summary>
    /// <exception cref="FormatException">It is no record that may stand here.</exception>
    public void AddLine(ReadOnlySpan<byte> line)
    {
        var record = RecordCodec.Read(line);
        var expected = Size + _pending.Count;
        if (record.Sequence != expected)
        {
            throw new FormatException($"Record {expected} was expected here, and this one says that it is {record.Sequence}.");
        }

        if (record.Time < LastTime)
        {
            throw new FormatException("The record is older than the one before it.");
        }

        Add(record, MerkleHash.Leaf(line));
    }

    /// <summary>Takes a record that this process has just encoded.</summary>
    public void Add(LedgerRecord record, in MerkleHash leaf)
    {
        LastTime = record.Time;
        _pending.Add((record, leaf));
    }

    /// <summary>Lets the pending records enter the tree and the projection.</summary>
    /// <exception cref="FormatException">The first record does not name a key.</exception>
    public void Accept()
    {
        foreach (var (record, leaf) in _pending)
        {
            Tree.Append(leaf);
            Observe(record);
        }

        _pending.Clear();
        LastCommittedTime = LastTime;
        Clock.Raise(LastTime);
    }

    /// <summary>Closes a batch with its commit line.</summary>
    /// <exception cref="FormatException">The commit line is for another size.</exception>
    public void Seal(CommitLine commit)
    {
        if (commit.Size != Size)
        {
            throw new FormatException($"The commit line says {commit.Size} records, and {Size} stand before it.");
        }

        LastCommit = commit;
        LastKey = SealingKey;
        _sealingKey = Key;
    }

    /// <summary>Gives back the records that stand after the last commit line; they were never committed.</summary>
    public void DropPending()
    {
        _pending.Clear();
        LastTime = LastCommittedTime;
    }

    /// <summary>Checks the newest commit line against the tree and the key.</summary>
    /// <exception cref="FormatException">Its root or its signature does not fit.</exception>
    public void CheckCommit()
    {
        if (LastCommit is not { } commit || commit.Size != Size)
        {
            return;
        }

        if (!commit.Root.Equals(Tree.Root))
        {
            throw new FormatException($"The root of the commit line for {commit.Size} records is not that of the records.");
        }

        if (LastKey is null || !commit.IsSignedBy(LastKey))
        {
            throw new FormatException($"The commit line for {commit.Size} records is not signed by the ledger's key.");
        }
    }

    private void Observe(LedgerRecord record)
    {
        if (record.Type.StartsWith(LedgerEvents.Prefix, StringComparison.Ordinal))
        {
            ObserveOwn(record);
        }
        else if (record.Sequence == 0)
        {
            throw new FormatException($"The first record is not '{LedgerEvents.Created}'.");
        }

        var isOwn = record.Type.StartsWith(LedgerEvents.Prefix, StringComparison.Ordinal);
        var isKnown = projection.Knows(record.Type, record.Version);
        if (!isKnown && !(isOwn && LedgerEvents.Knows(record.Type, record.Version)))
        {
            UnknownEvent ??= $"{record.Type} version {record.Version} (record {record.Sequence})";
        }

        if (UnknownEvent is not null)
        {
            return;
        }

        if (isKnown)
        {
            Apply(record);
        }

        Applied = record.Sequence + 1;
    }

    private void Apply(LedgerRecord record)
    {
        try
        {
            projection.Apply(record);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or Errors.AgentOpsException))
        {
            throw new FormatException($"Record {record.Sequence}, '{record.Type}', can't be applied to the state: {exception.Message}", exception);
        }
    }

    private void ObserveOwn(LedgerRecord record)
    {
        if (record.Type is LedgerEvents.Created or LedgerEvents.KeyRotated)
        {
            if (record.Type == LedgerEvents.Created != (record.Sequence == 0))
            {
                throw new FormatException($"The record '{record.Type}' stands at a place where it can't be.");
            }

            var key = LedgerEvents.ReadKey(record);
            if (_origin is not null && _origin != key.Name)
            {
                throw new FormatException("The new verifier key is of another ledger.");
            }

            _origin = key.Name;
            Key = key;
        }
    }
}
