namespace AgentOps.Engine.Permissions;

/// <summary>What a matching <c>require</c> demands before or after the call.</summary>
public abstract record Obligation
{
    private protected Obligation()
    {
    }

    /// <summary>policy/id of the rule that demands it; set in decisions.</summary>
    public string? RuleId { get; init; }

    /// <summary>The agent of the chain from whose rights it comes, when that is a delegator; null: the acting agent.</summary>
    public string? Agent { get; init; }

    /// <summary>The policy of the rule; null for a single grant.</summary>
    public string? Policy { get; init; }
}
