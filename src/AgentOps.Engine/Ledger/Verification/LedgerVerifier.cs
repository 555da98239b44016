using AgentOps.Engine.Approvals;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>Checks a ledger from its first byte, without its lock and without its private key.</summary>
internal sealed class LedgerVerifier(IVerifiableLog log)
{
    private readonly List<LedgerFault> _faults = [];
    private readonly MerkleFrontier _tree = new();
    private readonly SignatureCheck _signatures = new();
    private readonly List<MerkleHash> _batchLeaves = [];
    private readonly byte[] _lastTime = new byte[RecordScan.TimeLength];
    private CommitLine? _lastCommit;
    private LogPosition _lastPlace;
    private VerifierKey? _key;
    private VerifierKey? _nextKey;
    private VerifierKey? _lastKey;
    private SignedNote? _anchor;
    private bool _anchorHolds;
    private readonly VoteAudit _votes = new();
    private VerifierKey? _pinned;
    private bool _pinSigned;
    private long _commits;
    private DateTimeOffset? _from;
    private DateTimeOffset? _committedTo;

    /// <summary>Checks every line.</summary>
    public LedgerVerification Verify(LedgerVerificationOptions options, CancellationToken cancellationToken)
    {
        _pinned = options.VerifierKey is null ? null : VerifierKey.ParsePinned(options.VerifierKey);
        _anchor = options.Anchor is null ? null : SignedNote.ParseAnchor(options.Anchor);
        CheckCosigners(options.Cosigners);
        _anchorHolds = _anchor is null || _anchor.Size == 0;
        var reader = new BlockReader(log, parallelism: 2 * Environment.ProcessorCount);
        var (segment, line, reported) = (0, 0L, 0L);
        foreach (var block in reader.Read(cancellationToken))
        {
            if (block.Segment != segment)
            {
                if (_batchLeaves.Count > 0)
                {
                    AddFault(log.Describe(segment, line), _tree.Size, "The segment ends without a commit line, and another one follows it.");
                    break;
                }

                (segment, line) = (block.Segment, 0);
            }

            try
            {
                Join(block, line, options);
                line += block.Lines;
                if (block.Fault is not null)
                {
                    AddFault(log.Describe(segment, line), _tree.Size, block.Fault);
                    break;
                }
            }
            catch (FormatException exception)
            {
                AddFault(Describe(_lastPlace), _tree.Size, exception.Message);
                break;
            }

            if (_tree.Size - reported >= 100_000)
            {
                reported = _tree.Size;
                options.Progress?.Report(reported);
            }
        }

        _signatures.Finish();
        if (_signatures.First is { } bad)
        {
            _faults.Insert(0, new LedgerFault(Describe(bad.Place), bad.Commit.Size - 1, "The commit line is not signed by the ledger's key.", null));
        }

        if (reader.Blocks == 0)
        {
            AddFault(log.Describe(0, 0), null, "There is no log.");
        }

        if (_faults.Count == 0)
        {
            CheckEnd();
        }

        var signer = _lastKey ?? _key;
        return new LedgerVerification(_faults.Count == 0, _lastCommit?.Size ?? 0, (_lastCommit?.Root ?? MerkleHash.Empty).ToString(), _faults, signer?.Name ?? "",
            (_nextKey ?? signer)?.ToString() ?? "", _pinned is not null && _faults.Count == 0, _anchor is not null && _faults.Count == 0, _commits, _from, _committedTo)
        {
            Checkpoint = _lastCommit?.ToCheckpoint(signer?.Name ?? "").Note ?? "",
        };
    }

    private void CheckCosigners(IReadOnlyList<string> cosigners)
    {
        if (cosigners.Count > 0 && _anchor is null)
        {
            throw new AgentOpsException(ErrorCodes.LedgerAnchorInvalid, "A second signer signs an anchor, and none was given.", null);
        }

        foreach (var text in cosigners)
        {
            using var cosigner = VerifierKey.ParsePinned(text);
            if (!_anchor!.HasSignatureOf(cosigner))
            {
                AddFault(log.Location, null, $"The anchor is not signed by '{cosigner.Name}'.");
            }
        }
    }

    private void Join(VerifyBlock block, long line, LedgerVerificationOptions options)
    {
        _lastPlace = new LogPosition(block.Segment, 0, line);
        if (block.Leaves.Count > 0)
        {
            if (block.FirstSequence != _tree.Size)
            {
                throw new FormatException($"Record {_tree.Size} was expected here, and this one says that it is {block.FirstSequence}.");
            }

            if (block.FirstTime.SequenceCompareTo(_lastTime) < 0)
            {
                throw new FormatException("The record is older than the one before it.");
            }

            _from ??= RecordCodec.ParseTime(block.FirstTime);
        }

        var (done, own) = (0, 0);
        foreach (var (record, commitLine, commit) in block.Commits)
        {
            Append(block, ref done, record, ref own);
            _lastPlace = new LogPosition(block.Segment, 0, line + commitLine);
            CheckCommit(commit, options);
            _committedTo = done == block.Leaves.Count && done > 0 ? RecordCodec.ParseTime(block.LastTime) : _committedTo ?? _from;
        }

        Append(block, ref done, block.Leaves.Count, ref own);
        if (block.Leaves.Count > 0)
        {
            block.LastTime.CopyTo(_lastTime);
        }
    }

    private void Append(VerifyBlock block, ref int done, int until, ref int own)
    {
        for (; done < until; done++)
        {
            var leaf = block.Leaves[done];
            _tree.Append(leaf);
            _batchLeaves.Add(leaf);
            if (own < block.Own.Count && block.Own[own].Record == done)
            {
                Observe(block.Own[own++].Event);
            }
            else if (_tree.Size == 1)
            {
                throw new FormatException($"The first record is not '{LedgerEvents.Created}'.");
            }

            if (!_anchorHolds && _tree.Size == _anchor!.Size)
            {
                _anchorHolds = _tree.Root.Equals(_anchor.Root)
                    ? true
                    : throw new FormatException($"The first {_anchor.Size} records are not those of the anchor.");
            }
        }
    }

    private void Observe(LedgerRecord record)
    {
        if (record.Sequence == 0 != (record.Type == LedgerEvents.Created))
        {
            throw new FormatException($"The first record, and no other, is '{LedgerEvents.Created}'.");
        }

        if (record.Type is LedgerEvents.Created or LedgerEvents.KeyRotated)
        {
            _nextKey = LedgerEvents.ReadKey(record);
            _key ??= _nextKey;
        }

        if (_votes.Check(record) is { } fault)
        {
            AddFault(Describe(_lastPlace), record.Sequence, fault);
        }
    }

    private void CheckCommit(CommitLine commit, LedgerVerificationOptions options)
    {
        if (commit.Size != _tree.Size || _batchLeaves.Count == 0)
        {
            throw new FormatException($"The commit line says {commit.Size} records, and {_tree.Size} stand before it.");
        }

        if (!commit.Root.Equals(_tree.Root))
        {
            throw new FormatException(DescribeChange(commit));
        }

        if (options.EverySignature)
        {
            _signatures.Add(commit, _key!, _lastPlace);
        }

        _pinSigned |= _pinned is not null && _pinned.Equals(_key);
        (_lastCommit, _lastKey, _key) = (commit, _key, _nextKey);
        _batchLeaves.Clear();
        _commits++;
    }

    // The root says that something in the batch was changed; the tiles, where they still give the signed root, say what.
    private string DescribeChange(CommitLine commit)
    {
        var first = _tree.Size - _batchLeaves.Count;
        try
        {
            var tiles = log.GetTiles(commit.Size) ?? throw new FormatException();
            for (var i = 0; i < _batchLeaves.Count; i++)
            {
                if (MerkleProof.GetRange(0, commit.Size, tiles.GetNode).Equals(commit.Root) && !tiles.GetNode(0, first + i).Equals(_batchLeaves[i]))
                {
                    return $"Record {first + i} is not the one that was signed by this commit line.";
                }
            }
        }
        catch (FormatException)
        {
            // There are no tiles of that size.
        }

        return $"The records before it do not give the root of the commit line: one of the records {first} to {_tree.Size - 1}, or the line, was changed.";
    }

    private void CheckEnd()
    {
        if (_lastCommit is not { } commit || _lastKey is null)
        {
            AddFault(log.Describe(0, 0), null, "There is no commit line.");
            return;
        }

        if (!commit.IsSignedBy(_lastKey))
        {
            AddFault(Describe(_lastPlace), commit.Size - 1, "The commit line is not signed by the ledger's key.");
        }

        if (_pinned is not null && !_pinSigned)
        {
            AddFault(log.Describe(0, 0), 0, $"The ledger is signed by the key {_lastKey}, not by the one pinned.");
        }

        if (!_anchorHolds)
        {
            AddFault(log.Location, commit.Size, $"The anchor says {_anchor!.Size} records, and the ledger has {commit.Size}: it was replaced by an older one, or cut.");
        }
        else if (_anchor is not null && _anchor.Origin != _lastKey.Name)
        {
            AddFault(log.Location, null, $"The anchor is of the ledger '{_anchor.Origin}', and this one is '{_lastKey.Name}'.");
        }

        if (log.ReadCheckpoint() is { } note
            && (note.IsSignedBy(_lastKey) || (_nextKey is not null && note.IsSignedBy(_nextKey))) && note.Size > commit.Size)
        {
            AddFault(Describe(_lastPlace), commit.Size, $"The signed checkpoint says {note.Size} records, and the log has {commit.Size}: its end is gone.");
        }
    }

    private string Describe(LogPosition place) => log.Describe(place.Segment, place.Line);

    private void AddFault(string line, long? sequence, string what) => _faults.Add(new LedgerFault(line, sequence, what, _committedTo));
}
