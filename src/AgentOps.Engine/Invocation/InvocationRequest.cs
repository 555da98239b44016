namespace AgentOps.Engine.Invocation;

/// <summary>One prompt for one agent.</summary>
public sealed record InvocationRequest
{
    /// <summary>The agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>What it is asked.</summary>
    public required string Prompt { get; init; }

    /// <summary>The session and call that delegate; null when a person asks.</summary>
    internal DelegatedFrom? From { get; init; }

    /// <summary>What the work is booked under, for usage by task.</summary>
    public string? Task { get; init; }

    /// <summary>Execute only tools without side effect, and list the other calls with their decisions.</summary>
    public bool PlanOnly { get; init; }

    /// <summary>A schema that the final answer must fit; null for an answer in words.</summary>
    public AnswerSchema? OutputSchema { get; init; }

    /// <summary>A session of the agent's that has ended, to be gone on with; null to open one.</summary>
    public string? Session { get; init; }

    /// <summary>Let go of the session when a call needs approval, instead of waiting; it is resumed when persons have answered.</summary>
    public bool NoWait { get; init; }

    /// <summary>A bound on spend tighter than the agent's own, in USD.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>A bound on model calls tighter than the agent's own.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>A bound on wall time tighter than the agent's own.</summary>
    public TimeSpan? MaxDuration { get; init; }
}
