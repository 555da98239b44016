using AgentOps.Engine.Approvals;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>Checks a ledger from its first byte, without its lock and without its private key.</summary>
internal sealed class LedgerVerifier(IVerifiableLog log)
{
    private readonly List<LedgerFault> faults = [];
    private readonly MerkleFrontier tree = new();
    private readonly SignatureCheck signatures = new();
    private readonly List<MerkleHash> batchLeaves = [];
    private readonly byte[] lastTime = new byte[RecordScan.TimeLength];
    private CommitLine? lastCommit;
    private LogPosition lastPlace;
    private VerifierKey? key;
    private VerifierKey? nextKey;
    private VerifierKey? lastKey;
    private SignedNote? anchor;
    private bool anchorHolds;
    private readonly VoteAudit votes = new();
    private VerifierKey? pinned;
    private bool pinSigned;
    private long commits;
    private DateTimeOffset? from;
    private DateTimeOffset? committedTo;

    /// <summary>Checks every line.</summary>
    public LedgerVerification Verify(LedgerVerificationOptions options, CancellationToken cancellationToken)
    {
        pinned = options.VerifierKey is null ? null : VerifierKey.ParsePinned(options.VerifierKey);
        anchor = options.Anchor is null ? null : SignedNote.ParseAnchor(options.Anchor);
        CheckCosigners(options.Cosigners);
        anchorHolds = anchor is null || anchor.Size == 0;
        var reader = new BlockReader(log, parallelism: 2 * Environment.ProcessorCount);
        var (segment, line, reported) = (0, 0L, 0L);
        foreach (var block in reader.Read(cancellationToken))
        {
            if (block.Segment != segment)
            {
                if (batchLeaves.Count > 0)
                {
                    AddFault(log.Describe(segment, line), tree.Size, "The segment ends without a commit line, and another one follows it.");
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
                    AddFault(log.Describe(segment, line), tree.Size, block.Fault);
                    break;
                }
            }
            catch (FormatException exception)
            {
                AddFault(Describe(lastPlace), tree.Size, exception.Message);
                break;
            }

            if (tree.Size - reported >= 100_000)
            {
                reported = tree.Size;
                options.Progress?.Report(reported);
            }
        }

        signatures.Finish();
        if (signatures.First is { } bad)
        {
            faults.Insert(0, new LedgerFault(Describe(bad.Place), bad.Commit.Size - 1, "The commit line is not signed by the ledger's key.", null));
        }

        if (reader.Blocks == 0)
        {
            AddFault(log.Describe(0, 0), null, "There is no log.");
        }

        if (faults.Count == 0)
        {
            CheckEnd();
        }

        var signer = lastKey ?? key;
        return new LedgerVerification(faults.Count == 0, lastCommit?.Size ?? 0, (lastCommit?.Root ?? MerkleHash.Empty).ToString(), faults, signer?.Name ?? "",
            (nextKey ?? signer)?.ToString() ?? "", pinned is not null && faults.Count == 0, anchor is not null && faults.Count == 0, commits, from, committedTo)
        {
            Checkpoint = lastCommit?.ToCheckpoint(signer?.Name ?? "").Note ?? "",
        };
    }

    private void CheckCosigners(IReadOnlyList<string> cosigners)
    {
        if (cosigners.Count > 0 && anchor is null)
        {
            throw new AgentOpsException(ErrorCodes.LedgerAnchorInvalid, "A second signer signs an anchor, and none was given.", null);
        }

        foreach (var text in cosigners)
        {
            using var cosigner = VerifierKey.ParsePinned(text);
            if (!anchor!.HasSignatureOf(cosigner))
            {
                AddFault(log.Location, null, $"The anchor is not signed by '{cosigner.Name}'.");
            }
        }
    }

    private void Join(VerifyBlock block, long line, LedgerVerificationOptions options)
    {
        lastPlace = new LogPosition(block.Segment, 0, line);
        if (block.Leaves.Count > 0)
        {
            if (block.FirstSequence != tree.Size)
            {
                throw new FormatException($"Record {tree.Size} was expected here, and this one says that it is {block.FirstSequence}.");
            }

            if (block.FirstTime.SequenceCompareTo(lastTime) < 0)
            {
                throw new FormatException("The record is older than the one before it.");
            }

            from ??= RecordCodec.ParseTime(block.FirstTime);
        }

        var (done, own) = (0, 0);
        foreach (var (record, commitLine, commit) in block.Commits)
        {
            Append(block, ref done, record, ref own);
            lastPlace = new LogPosition(block.Segment, 0, line + commitLine);
            CheckCommit(commit, options);
            committedTo = done == block.Leaves.Count && done > 0 ? RecordCodec.ParseTime(block.LastTime) : committedTo ?? from;
        }

        Append(block, ref done, block.Leaves.Count, ref own);
        if (block.Leaves.Count > 0)
        {
            block.LastTime.CopyTo(lastTime);
        }
    }

    private void Append(VerifyBlock block, ref int done, int until, ref int own)
    {
        for (; done < until; done++)
        {
            var leaf = block.Leaves[done];
            tree.Append(leaf);
            batchLeaves.Add(leaf);
            if (own < block.Own.Count && block.Own[own].Record == done)
            {
                Observe(block.Own[own++].Event);
            }
            else if (tree.Size == 1)
            {
                throw new FormatException($"The first record is not '{LedgerEvents.Created}'.");
            }

            if (!anchorHolds && tree.Size == anchor!.Size)
            {
                anchorHolds = tree.Root.Equals(anchor.Root)
                    ? true
                    : throw new FormatException($"The first {anchor.Size} records are not those of the anchor.");
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
            nextKey = LedgerEvents.ReadKey(record);
            key ??= nextKey;
        }

        if (votes.Check(record) is { } fault)
        {
            AddFault(Describe(lastPlace), record.Sequence, fault);
        }
    }

    private void CheckCommit(CommitLine commit, LedgerVerificationOptions options)
    {
        if (commit.Size != tree.Size || batchLeaves.Count == 0)
        {
            throw new FormatException($"The commit line says {commit.Size} records, and {tree.Size} stand before it.");
        }

        if (!commit.Root.Equals(tree.Root))
        {
            throw new FormatException(DescribeChange(commit));
        }

        if (options.EverySignature)
        {
            signatures.Add(commit, key!, lastPlace);
        }

        pinSigned |= pinned is not null && pinned.Equals(key);
        (lastCommit, lastKey, key) = (commit, key, nextKey);
        batchLeaves.Clear();
        commits++;
    }

    // The root says that something in the batch was changed; the tiles, where they still give the signed root, say what.
    private string DescribeChange(CommitLine commit)
    {
        var first = tree.Size - batchLeaves.Count;
        try
        {
            var tiles = log.GetTiles(commit.Size) ?? throw new FormatException();
            for (var i = 0; i < batchLeaves.Count; i++)
            {
                if (MerkleProof.GetRange(0, commit.Size, tiles.GetNode).Equals(commit.Root) && !tiles.GetNode(0, first + i).Equals(batchLeaves[i]))
                {
                    return $"Record {first + i} is not the one that was signed by this commit line.";
                }
            }
        }
        catch (FormatException)
        {
            // There are no tiles of that size.
        }

        return $"The records before it do not give the root of the commit line: one of the records {first} to {tree.Size - 1}, or the line, was changed.";
    }

    private void CheckEnd()
    {
        if (lastCommit is not { } commit || lastKey is null)
        {
            AddFault(log.Describe(0, 0), null, "There is no commit line.");
            return;
        }

        if (!commit.IsSignedBy(lastKey))
        {
            AddFault(Describe(lastPlace), commit.Size - 1, "The commit line is not signed by the ledger's key.");
        }

        if (pinned is not null && !pinSigned)
        {
            AddFault(log.Describe(0, 0), 0, $"The ledger is signed by the key {lastKey}, not by the one pinned.");
        }

        if (!anchorHolds)
        {
            AddFault(log.Location, commit.Size, $"The anchor says {anchor!.Size} records, and the ledger has {commit.Size}: it was replaced by an older one, or cut.");
        }
        else if (anchor is not null && anchor.Origin != lastKey.Name)
        {
            AddFault(log.Location, null, $"The anchor is of the ledger '{anchor.Origin}', and this one is '{lastKey.Name}'.");
        }

        if (log.ReadCheckpoint() is { } note
            && (note.IsSignedBy(lastKey) || (nextKey is not null && note.IsSignedBy(nextKey))) && note.Size > commit.Size)
        {
            AddFault(Describe(lastPlace), commit.Size, $"The signed checkpoint says {note.Size} records, and the log has {commit.Size}: its end is gone.");
        }
    }

    private string Describe(LogPosition place) => log.Describe(place.Segment, place.Line);

    private void AddFault(string line, long? sequence, string what) => faults.Add(new LedgerFault(line, sequence, what, committedTo));
}
