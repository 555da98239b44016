namespace AgentOps.Engine.Verification;

/// <summary>Whose calls a budget, or a ban on duplicates, takes together.</summary>
public enum ConstraintScope
{
    /// <summary>All calls of the tool in the workspace.</summary>
    Tool,

    /// <summary>Each agent's own.</summary>
    Agent,

    /// <summary>Those made for one person.</summary>
    OnBehalfOf,
}
