namespace AgentOps.Output;

/// <summary>What one agent, task, route, model or day used.</summary>
public sealed record UsageSummary
{
    /// <summary>What it is summed by.</summary>
    public required string By { get; init; }

    /// <summary>Its name; <c>(none)</c> for work that was booked under no task.</summary>
    public required string Key { get; init; }

    /// <summary>Model calls, failed ones included.</summary>
    public required int Calls { get; init; }

    /// <summary>Model calls that failed or were cancelled.</summary>
    public required int FailedCalls { get; init; }

    /// <summary>Sessions that made them.</summary>
    public required int Sessions { get; init; }

    /// <summary>Those of the sessions that ended with an answer.</summary>
    public required int CompletedSessions { get; init; }

    /// <summary>Input tokens.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Output tokens.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Cost in USD, failures included.</summary>
    public required decimal Cost { get; init; }

    /// <summary>The part of the cost that is our own estimate, in USD.</summary>
    public required decimal EstimatedCost { get; init; }

    /// <summary>All spend divided by the sessions that completed, in USD; null when none did.</summary>
    public decimal? CostPerCompletedSession { get; init; }

    internal static UsageSummary From(string grouping, Engine.Accounting.UsageSummary summary) => new()
    {
        By = grouping,
        Key = summary.Key,
        Calls = summary.Calls,
        FailedCalls = summary.FailedCalls,
        Sessions = summary.Sessions,
        CompletedSessions = summary.CompletedSessions,
        InputTokens = summary.InputTokens,
        OutputTokens = summary.OutputTokens,
        Cost = summary.Cost,
        EstimatedCost = summary.EstimatedCost,
        CostPerCompletedSession = summary.CostPerCompletedSession,
    };
}
