namespace AgentOps.Engine.Ledger;

/// <summary>A signed statement of how long the ledger is and what it holds.</summary>
/// <param name="Origin">The name of the ledger.</param>
/// <param name="Size">How many records it has.</param>
/// <param name="Root">The RFC 6962 root over them, base64.</param>
/// <param name="Note">The C2SP signed note: origin, size, root, an empty line, and one line a signature.</param>
public sealed record LedgerCheckpoint(string Origin, long Size, string Root, string Note);
