namespace AgentOps.Engine.Ledger;

/// <summary>What a process that died left beyond the last commit line, and what was cut.</summary>
/// <param name="Bytes">How many bytes.</param>
/// <param name="Digest">SHA-256 of them, lowercase hexadecimal.</param>
internal sealed record TornTail(long Bytes, string Digest);
