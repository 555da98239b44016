namespace AgentOps.Protocol.Ledger;

/// <summary>One thing about a ledger that does not hold together.</summary>
/// <param name="Line">The file and the line from 1.</param>
/// <param name="Sequence">The record concerned.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Since">The time of the last record before it that holds.</param>
public sealed record VerificationFault(string Line, long? Sequence, string What, DateTimeOffset? Since);
