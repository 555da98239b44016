namespace AgentOps.Engine.Ledger;

/// <summary>One thing about a ledger that does not hold together.</summary>
/// <param name="Line">Where: the file and the line from 1, for example <c>000000.jsonl:17</c>; or the file alone.</param>
/// <param name="Sequence">The record concerned, or null.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Since">The time of the last record before it that is proved whole: the fault came in after it was signed.</param>
public sealed record LedgerFault(string Line, long? Sequence, string What, DateTimeOffset? Since);
