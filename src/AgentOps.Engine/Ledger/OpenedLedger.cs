namespace AgentOps.Engine.Ledger;

/// <summary>A store that was opened by its location.</summary>
/// <param name="Store">The ledger.</param>
/// <param name="Payloads">Its payloads.</param>
/// <param name="Account">The person whom the store knows this process as: the account of the operating system, or the database role.</param>
public sealed record OpenedLedger(ILedgerStore Store, IPayloadStore Payloads, string Account)
{
    /// <summary>The roles of the server as groups of persons; null where the store is on none.</summary>
    internal Permissions.IGroupSource? Groups { get; init; }

    /// <summary>The folder with the keys of this host.</summary>
    internal string KeyFolder { get; init; } = string.Empty;

    /// <summary>What reads and writes the keys.</summary>
    internal ILedgerFiles Files { get; init; } = new DiskFiles();
}
