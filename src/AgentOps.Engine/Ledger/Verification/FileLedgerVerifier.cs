using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>Checks a file ledger from its first byte, without its lock and without its private key.</summary>
internal sealed class FileLedgerVerifier(LedgerFolder folder, ILedgerFiles files)
{
    private readonly List<LedgerFault> faults = [];
    private readonly MerkleFrontier tree = new();
    private MerkleHash committedRoot = MerkleHash.Empty;
    private long committedSize;
    private long commits;
    private VerifierKey? key;
    private VerifierKey? nextKey;
    private DateTimeOffset? from;
    private DateTimeOffset? to;
    private DateTimeOffset? committedTo;

    /// <summary>Checks every line.</summary>
    public LedgerVerification Verify(LedgerVerificationOptions options, CancellationToken cancellationToken)
    {
        var pinned = ParseKey(options.VerifierKey);
        var anchor = ParseAnchor(options.Anchor);
        var anchored = anchor is null || anchor.Size == 0;
        var segment = 0;
        for (; faults.Count == 0 && files.Exists(folder.GetSegment(segment)); segment++)
        {
            using var file = files.OpenLog(folder.GetSegment(segment), write: false);
            var reader = new LogReader(file, new LogPosition(segment, 0, 0));
            var place = reader.Position;
            try
            {
                while (reader.TryReadLine(out var line))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    CheckLine(line, options, pinned);
                    if (anchor is not null && !anchored && tree.Size == anchor.Size)
                    {
                        anchored = tree.Root.Equals(anchor.Root)
                            ? true
                            : throw new FormatException($"The first {anchor.Size} records are not those of the anchor.");
                    }

                    place = reader.Position;
                }

                if (tree.Size != committedSize && files.Exists(folder.GetSegment(segment + 1)))
                {
                    throw new FormatException("The segment ends without a commit line, and another one follows it.");
                }
            }
            catch (FormatException exception)
            {
                AddFault(place.ToString(), tree.Size, exception.Message);
            }
        }

        if (segment == 0)
        {
            AddFault(folder.GetSegment(0), null, "There is no log.");
        }

        if (faults.Count == 0)
        {
            CheckEnd(anchor, anchored);
        }

        return new LedgerVerification(faults.Count == 0, committedSize, committedRoot.ToString(), faults, key?.Name ?? "",
            key?.ToString() ?? "", pinned is not null, anchor is not null && faults.Count == 0, commits, from, committedTo);
    }

    private static VerifierKey? ParseKey(string? text)
    {
        try
        {
            return text is null ? null : VerifierKey.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new AgentOpsException(ErrorCodes.LedgerKeyInvalid, $"The verifier key can't be read: {exception.Message}", text, innerException: exception);
        }
    }

    private static SignedNote? ParseAnchor(string? text) => text is null
        ? null
        : SignedNote.TryParse(text)
            ?? throw new AgentOpsException(ErrorCodes.LedgerAnchorInvalid, "The anchor is no checkpoint: a signed note of origin, size and root is expected.", text);

    private void CheckLine(ReadOnlySpan<byte> line, LedgerVerificationOptions options, VerifierKey? pinned)
    {
        if (line.StartsWith(CommitLine.Mark))
        {
            CheckCommit(CommitLine.TryParse(line) ?? throw new FormatException("The commit line can't be read."), options);
            return;
        }

        var record = RecordCodec.Read(line);
        if (record.Sequence != tree.Size)
        {
            throw new FormatException($"Record {tree.Size} was expected here, and this one says that it is {record.Sequence}.");
        }

        if (record.Time < to)
        {
            throw new FormatException("The record is older than the one before it.");
        }

        from ??= record.Time;
        to = record.Time;
        tree.Append(MerkleHash.Leaf(line));
        if (record.Type is LedgerEvents.Created or LedgerEvents.KeyRotated)
        {
            nextKey = VerifierKey.Parse(record.Data.GetProperty("verifierKey").GetString()!);
            key ??= pinned is null || pinned.Equals(nextKey)
                ? nextKey
                : throw new FormatException($"The ledger is signed by the key {nextKey}, not by the one pinned.");
        }
        else if (record.Sequence == 0)
        {
            throw new FormatException($"The first record is not '{LedgerEvents.Created}'.");
        }
    }

    private void CheckCommit(CommitLine commit, LedgerVerificationOptions options)
    {
        var root = tree.Root;
        if (commit.Size != tree.Size)
        {
            throw new FormatException($"The commit line says {commit.Size} records, and {tree.Size} stand before it.");
        }

        if (!commit.Root.Equals(root))
        {
            throw new FormatException($"The root of the records before it is not that of the commit line: one of the records {committedSize} to {tree.Size - 1}, or the line, was changed.");
        }

        if (!commit.IsSignedBy(key!))
        {
            throw new FormatException("The commit line is not signed by the ledger's key.");
        }

        (committedSize, committedRoot, committedTo, key) = (tree.Size, root, to, nextKey);
        commits++;
        options.Progress?.Report(committedSize);
    }

    private void CheckEnd(SignedNote? anchor, bool anchored)
    {
        if (anchor is not null && !anchored)
        {
            AddFault(folder.Log, committedSize, $"The anchor says {anchor.Size} records, and the ledger has {committedSize}: it was replaced by an older one, or cut.");
        }
        else if (anchor is not null && anchor.Origin != key?.Name)
        {
            AddFault(folder.Log, null, $"The anchor is of the ledger '{anchor.Origin}', and this one is '{key?.Name}'.");
        }

        if (key is not null && files.TryReadAll(folder.Checkpoint) is { } bytes
            && SignedNote.TryParse(Encoding.UTF8.GetString(bytes)) is { } note && note.IsSignedBy(key) && note.Size > committedSize)
        {
            AddFault(folder.Checkpoint, committedSize, $"The signed checkpoint says {note.Size} records, and the log has {committedSize}: its end is gone.");
        }
    }

    private void AddFault(string line, long? sequence, string what) => faults.Add(new LedgerFault(line, sequence, what, committedTo));
}
