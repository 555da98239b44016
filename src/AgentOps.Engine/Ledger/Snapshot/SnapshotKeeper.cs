using System.Text;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// The snapshot of a projection: a header line, a line with the base64 signature of the header by the ledger's key, and
/// the projection's bytes. It only saves time: whatever does not fit is ignored, and the log is replayed.
/// </summary>
internal sealed class SnapshotKeeper(ILedgerBackend backend, long every)
{
    private const long BytesPerRecordSaved = 200;
    private const long AtEnd = 500;
    private long _length;

    /// <summary>How many records the validly signed snapshot holds, or -1.</summary>
    public long SignedSize { get; private set; } = -1;

    /// <summary>
    /// Restores the state from the snapshot, where there is one that this host's key signed and that fits the log; leaves
    /// the state as before the first record where there is none.
    /// </summary>
    /// <returns>The signer that was opened for it.</returns>
    public async ValueTask<LedgerSigner?> TryLoadAsync(LedgerState state, KeyFolder keys, LedgerSigner? signer)
    {
        if (await backend.ReadSnapshotAsync().ConfigureAwait(false) is not { } bytes || Split(bytes) is not var (headerBytes, signature, projection)
            || SnapshotHeader.TryParse(headerBytes.Span) is not { } header
            || CommitLine.TryParse(Encoding.ASCII.GetBytes(header.Commit.TrimEnd('\n'))) is not { } commit)
        {
            return signer;
        }

        try
        {
            var (key, lastKey) = (VerifierKey.Parse(header.Key), VerifierKey.Parse(header.LastKey));
            signer ??= keys.TryOpen(key.Name);
            if (signer is null || !signer.Verifier.Equals(key) || !key.Verifies(headerBytes.Span, signature))
            {
                return signer;
            }

            SignedSize = commit.Size;
            _length = bytes.Length;
            var line = Encoding.ASCII.GetBytes(header.Commit);
            var tree = new MerkleFrontier();
            tree.Restore(commit.Size, [.. header.Subtrees]);
            if (!commit.Root.Equals(tree.Root) || !commit.IsSignedBy(lastKey)
                || SnapshotHeader.GetDigest(projection.Span) != header.ProjectionDigest
                || !await backend.HoldsAsync(header.Position, line).ConfigureAwait(false))
            {
                return signer;
            }

            state.Restore(tree, header.LastTime, key, lastKey, commit);
            state.Projection.Load(new MemoryStream(projection.ToArray(), writable: false));
            backend.Seek(header.Position, line);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or Errors.AgentOpsException) && !backend.IsUnavailable(exception))
        {
            state.Reset();
            backend.Seek(default, []);
        }

        return signer;
    }

    /// <summary>Keeps a snapshot of a state that stands at a commit line, when enough came since the last one.</summary>
    public async ValueTask SaveWhenDueAsync(LedgerState state, LedgerSigner signer, bool atEnd)
    {
        var since = state.Size - Math.Max(SignedSize, 0);
        if (since < (atEnd ? Math.Min(AtEnd, every) : every) || since < _length / BytesPerRecordSaved)
        {
            return;
        }

        var bytes = Make(state, backend.Position, signer);
        try
        {
            await backend.WriteSnapshotAsync(bytes).ConfigureAwait(false);
            SignedSize = state.Size;
            _length = bytes.Length;
        }
        catch (Exception exception) when (backend.IsUnavailable(exception))
        {
            // A snapshot only saves time; the next one is tried after as many records again.
            _length = Math.Max(_length, bytes.Length);
        }
    }

    private static byte[] Make(LedgerState state, LogPosition position, LedgerSigner signer)
    {
        using var projection = new MemoryStream();
        state.Projection.Save(projection);
        var content = projection.GetBuffer().AsSpan(0, (int)projection.Length);
        var header = new SnapshotHeader(
            position,
            Encoding.ASCII.GetString(state.LastCommit!.ToBytes()),
            state.Tree.Subtrees.ToArray(),
            state.LastTime,
            state.Key!.ToString(),
            state.LastKey!.ToString(),
            SnapshotHeader.GetDigest(content)).ToBytes();
        var signature = signer.Sign(header).AsSpan(4);
        return [.. header, (byte)'\n', .. Encoding.ASCII.GetBytes(Convert.ToBase64String(signature)), (byte)'\n', .. content];
    }

    private static (ReadOnlyMemory<byte> Header, byte[] Signature, ReadOnlyMemory<byte> Projection)? Split(byte[] bytes)
    {
        var first = bytes.AsSpan().IndexOf((byte)'\n');
        var second = first < 0 ? -1 : bytes.AsSpan(first + 1).IndexOf((byte)'\n');
        if (second < 0)
        {
            return null;
        }

        var signature = new byte[second];
        return Convert.TryFromBase64String(Encoding.ASCII.GetString(bytes, first + 1, second), signature, out var written)
            ? (bytes.AsMemory(0, first), signature[..written], bytes.AsMemory(first + second + 2))
            : null;
    }
}
