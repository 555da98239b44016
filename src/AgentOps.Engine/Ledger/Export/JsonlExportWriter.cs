using System.Buffers;

namespace AgentOps.Engine.Ledger;

/// <summary>The records byte for byte as they are signed.</summary>
internal sealed class JsonlExportWriter : IExportWriter
{
    /// <inheritdoc/>
    public void Begin(ByteBuffer output)
    {
    }

    /// <inheritdoc/>
    public void Write(LedgerRecord record, ByteBuffer output)
    {
        RecordCodec.Write(record, output);
        output.Write("\n"u8);
    }

    /// <inheritdoc/>
    public void End(ByteBuffer output)
    {
    }
}
