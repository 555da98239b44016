namespace AgentOps.Engine.Permissions;

/// <summary>What became of a rule or a clause.</summary>
public enum RuleState
{
    /// <summary>It does not hold.</summary>
    Unmatched,

    /// <summary>It holds.</summary>
    Matched,

    /// <summary>It could not be told: a permit is then unmatched, a forbid or require answers Deny.</summary>
    Error,
}
