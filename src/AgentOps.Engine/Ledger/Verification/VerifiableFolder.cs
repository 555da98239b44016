using System.Text;

namespace AgentOps.Engine.Ledger;

/// <summary>The lines of a file ledger, for its verification.</summary>
internal sealed class VerifiableFolder(LedgerFolder folder, ILedgerFiles files) : IVerifiableLog
{
    /// <inheritdoc/>
    public string Location => folder.Log;

    /// <inheritdoc/>
    public IEnumerable<VerifyBlock> ReadBlocks()
    {
        for (var segment = 0; files.Exists(folder.GetSegment(segment)); segment++)
        {
            using var file = files.OpenLog(folder.GetSegment(segment), write: false);
            for (long offset = 0; ;)
            {
                var buffer = new byte[VerifyBlock.BufferLength];
                var filled = 0;
                while (filled < buffer.Length && file.Read(offset + filled, buffer.AsSpan(filled)) is var read and > 0)
                {
                    filled += read;
                }

                // What stands without a line feed at the end is a write under way, or one that a crash cut short.
                var length = buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
                if (length == 0)
                {
                    break;
                }

                offset += length;
                yield return new VerifyBlock(buffer, segment) { Length = length };
            }
        }
    }

    /// <inheritdoc/>
    public string Describe(int segment, long lines) => new LogPosition(segment, 0, lines).ToString();

    /// <inheritdoc/>
    public TileTree? GetTiles(long size) => new(folder, files, size);

    /// <inheritdoc/>
    public SignedNote? ReadCheckpoint() =>
        files.TryReadAll(folder.Checkpoint) is { } bytes ? SignedNote.TryParse(Encoding.UTF8.GetString(bytes)) : null;
}
