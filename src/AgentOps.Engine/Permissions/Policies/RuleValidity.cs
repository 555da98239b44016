namespace AgentOps.Engine.Permissions;

/// <summary>When a rule is in force: from <paramref name="NotBefore"/> on, until just before <paramref name="NotAfter"/>. Outside it is as if absent.</summary>
/// <param name="NotBefore">The first moment, UTC; null for always.</param>
/// <param name="NotAfter">The first moment at which it no longer is, UTC; null for never.</param>
public readonly record struct RuleValidity(DateTimeOffset? NotBefore, DateTimeOffset? NotAfter)
{
    /// <summary>Always in force.</summary>
    public static RuleValidity Always => default;

    /// <summary>Whether the rule is in force.</summary>
    /// <param name="now">The moment.</param>
    public bool Contains(DateTimeOffset now) => !(now < NotBefore) && !(now >= NotAfter);
}
