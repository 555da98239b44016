namespace AgentOps.Output;

/// <summary>How far an agent reaches: what it can do with a resource, whatever the arguments.</summary>
public sealed record Reach
{
    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>The resource.</summary>
    public required string Resource { get; init; }

    /// <summary><c>None</c>: no call is allowed; <c>Conditional</c>: it depends on arguments, state, history, limits or persons; <c>Full</c>: every call is.</summary>
    public required string Level { get; init; }

    /// <summary>The permits that speak of it, with their bounds.</summary>
    public required IReadOnlyList<string> Permit { get; init; }

    /// <summary>The forbids that may speak up.</summary>
    public required IReadOnlyList<string> Forbid { get; init; }

    /// <summary>What may be required: approvals, limits.</summary>
    public required IReadOnlyList<string> Require { get; init; }

    internal static Reach From(Engine.Permissions.Reach reach) => new()
    {
        Agent = reach.Agent,
        Resource = reach.Resource,
        Level = reach.Level.ToString(),
        Permit = reach.Permits,
        Forbid = reach.Forbids,
        Require = reach.Requires,
    };
}
