using AgentOps.Engine.Identity;

namespace AgentOps.Engine.Invocation;

/// <summary>A call that changed something, and what became of its undoing.</summary>
/// <param name="Sequence">The ledger sequence of the call's intent.</param>
/// <param name="Call">The call's id within the session.</param>
/// <param name="Tool">Its tool.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Compensation">The tool that undid it, or was to.</param>
/// <param name="Reason">Why it was not undone; empty when it was.</param>
public sealed record UndoneCall(long Sequence, string Call, string Tool, UndoOutcome Outcome, string? Compensation, string Reason)
{
    internal static UndoneCall[] Redact(IReadOnlyList<UndoneCall> calls, SecretRedactor redactor) => [.. calls.Select(call => call with { Reason = redactor.Redact(call.Reason) })];
}
