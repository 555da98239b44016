using AgentOps.Engine.Agents;

namespace AgentOps.Engine.Invocation;

/// <summary>What stays the same through one session.</summary>
internal sealed record SessionScope
{
    /// <summary>The session's id.</summary>
    public required string Id { get; init; }

    /// <summary>The agent's name, as it was created.</summary>
    public required string Agent { get; init; }

    /// <summary>Whom the agent acts for.</summary>
    public required string OnBehalfOf { get; init; }

    /// <summary>What the work is booked under.</summary>
    public required string? Task { get; init; }

    /// <summary>Whether only a plan was asked for.</summary>
    public required bool PlanOnly { get; init; }

    /// <summary>Whether a call that needs approval is put off instead of waited for.</summary>
    public required bool NoWait { get; init; }

    /// <summary>The tightest of the agent's and the invocation's bounds.</summary>
    public required InvocationLimits Limits { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>A folder of its own, where tools start.</summary>
    public required string WorkFolder { get; init; }
}
