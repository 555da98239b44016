namespace AgentOps.Engine.Ledger;

/// <summary>How to open a file ledger.</summary>
public sealed record FileLedgerOptions
{
    /// <summary>The folder of the workspace; <c>ledger</c>, <c>keys</c> and <c>blobs</c> lie in it. It is made where there is none.</summary>
    public required string Path { get; init; }

    /// <summary>Who this process acts for; an event may name another agent or person.</summary>
    public required Actor Actor { get; init; }

    /// <summary>Takes secrets out of the data of every event, or null.</summary>
    public ISecretRedactor? Redactor { get; init; }

    /// <summary>Opens the ledger without ever writing to it.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The length after which a new segment of the log is begun, in bytes.</summary>
    public long SegmentBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long to wait for another process to give up the lock.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A snapshot is written when so many records came after the last one.</summary>
    public long SnapshotEvery { get; init; } = 10_000;

    internal ILedgerFiles Files { get; init; } = new DiskFiles();
}
