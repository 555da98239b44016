namespace AgentOps.Engine.Ledger;

/// <summary>A store that was opened by its location.</summary>
/// <param name="Store">The ledger.</param>
/// <param name="Payloads">Its payloads.</param>
/// <param name="Account">The person whom the store knows this process as: the account of the operating system, or the database role.</param>
public sealed record OpenedLedger(ILedgerStore Store, IPayloadStore Payloads, string Account);
