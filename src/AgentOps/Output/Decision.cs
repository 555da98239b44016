using AgentOps.Engine.Permissions;

namespace AgentOps.Output;

/// <summary>The answer to "may this agent?", and why.</summary>
public sealed record Decision
{
    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>What it would use.</summary>
    public required string Resource { get; init; }

    /// <summary>Whether it may, at once.</summary>
    public required bool IsAllowed { get; init; }

    /// <summary><c>Allow</c>, <c>Deny</c> or <c>Pending</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The rules that decided.</summary>
    public required IReadOnlyList<string> DecidingRule { get; init; }

    /// <summary>For a refusal: what was missing or wrong, item by item.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Every rule that was looked at and what became of each of its clauses; for the administrator, not for a model.</summary>
    public required string Explanation { get; init; }

    /// <summary>The digest of the rules that decided; null when the arguments could not be bound.</summary>
    public string? PolicySet { get; init; }

    /// <summary>What the call would use besides, which was asked about as well: data, another agent.</summary>
    public required IReadOnlyList<string> Touches { get; init; }

    /// <summary>The kinds of the tool's constraints: an allowed call has to meet them besides, on what its session really saw.</summary>
    public required IReadOnlyList<string> Constraint { get; init; }

    /// <summary>How far the agent reaches with any arguments at all: <c>None</c>, <c>Conditional</c> or <c>Full</c>.</summary>
    public required string Reach { get; init; }

    internal static Decision From(PermissionTest test) => new()
    {
        Agent = test.Agent,
        Resource = test.Resource,
        IsAllowed = test.IsAllowed,
        Outcome = (test.Obstacle is null ? test.Decision?.Outcome ?? DecisionOutcome.Deny : DecisionOutcome.Deny).ToString(),
        Reason = test.Reason,
        DecidingRule = test.Decision?.DecidingRules ?? [],
        Missing = test.Decision?.Missing ?? [],
        Explanation = test.Decision?.Explain().ToString() ?? test.Reason,
        Touches = test.Touches,
        Constraint = test.Constraints,
        Reach = test.Reach.ToString(),
        PolicySet = test.Decision?.PolicySetDigest,
    };
}
