namespace AgentOps.Engine.Permissions;

/// <summary>The answer. Deny is the default.</summary>
public enum DecisionOutcome
{
    /// <summary>Refused.</summary>
    Deny,

    /// <summary>Allowed, with its obligations.</summary>
    Allow,

    /// <summary>Allowed once the persons named have approved.</summary>
    Pending,
}
