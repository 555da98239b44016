using System.Globalization;

namespace AgentOps.Engine.Ledger;

/// <summary>The names of a file ledger, under the folder of its workspace.</summary>
internal sealed class LedgerFolder(string workspace)
{
    /// <summary>The folder of the workspace.</summary>
    public string Workspace { get; } = workspace;

    /// <summary>The folder of the ledger.</summary>
    public string Ledger { get; } = Path.Combine(workspace, "ledger");

    /// <summary>The folder of the log's segments.</summary>
    public string Log { get; } = Path.Combine(workspace, "ledger", "log");

    /// <summary>The folder of the tiles.</summary>
    public string Tiles { get; } = Path.Combine(workspace, "ledger", "tile");

    /// <summary>The signed note of the newest size and root.</summary>
    public string Checkpoint { get; } = Path.Combine(workspace, "ledger", "checkpoint");

    /// <summary>The folder of what processes keep for themselves.</summary>
    public string State { get; } = Path.Combine(workspace, "ledger", ".state");

    /// <summary>The file of the lock.</summary>
    public string Lock { get; } = Path.Combine(workspace, "ledger", ".state", "lock");

    /// <summary>The file of the snapshot.</summary>
    public string Snapshot { get; } = Path.Combine(workspace, "ledger", ".state", "snapshot");

    /// <summary>The folder of the signing key.</summary>
    public string Keys { get; } = Path.Combine(workspace, "keys");

    /// <summary>The folder of the payloads.</summary>
    public string Blobs { get; } = Path.Combine(workspace, "blobs");

    /// <summary>The file of a segment.</summary>
    public string GetSegment(int number) => Path.Combine(Log, number.ToString("D6", CultureInfo.InvariantCulture) + ".jsonl");
}
