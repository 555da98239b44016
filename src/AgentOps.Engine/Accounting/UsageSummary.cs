namespace AgentOps.Engine.Accounting;

/// <summary>What one agent, task, route, model or day used.</summary>
/// <param name="Key">Its name; <c>(none)</c> for work that was booked under no task.</param>
/// <param name="Calls">Model calls, failed ones included.</param>
/// <param name="FailedCalls">Model calls that failed or were cancelled.</param>
/// <param name="Sessions">Sessions that made them.</param>
/// <param name="CompletedSessions">Those of the sessions that ended with an answer.</param>
/// <param name="InputTokens">Input tokens.</param>
/// <param name="OutputTokens">Output tokens.</param>
/// <param name="Cost">Cost in USD, failures included.</param>
/// <param name="EstimatedCost">The part of the cost that is our own estimate, in USD.</param>
public sealed record UsageSummary(
    string Key,
    int Calls,
    int FailedCalls,
    int Sessions,
    int CompletedSessions,
    long InputTokens,
    long OutputTokens,
    decimal Cost,
    decimal EstimatedCost)
{
    /// <summary>All spend divided by the sessions that completed, in USD; null when none did.</summary>
    public decimal? CostPerCompletedSession => CompletedSessions == 0 ? null : Cost / CompletedSessions;
}
