namespace AgentOps.Engine.Ledger;

/// <summary>Writes records in one format.</summary>
internal interface IExportWriter
{
    /// <summary>Writes what stands before the first record.</summary>
    void Begin(ByteBuffer output);

    /// <summary>Writes a record.</summary>
    void Write(LedgerRecord record, ByteBuffer output);

    /// <summary>Writes what was held back.</summary>
    void End(ByteBuffer output);
}
