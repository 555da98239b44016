namespace AgentOps.Engine.Permissions;

/// <summary>How far an agent reaches.</summary>
public enum ReachLevel
{
    /// <summary>No call can be allowed.</summary>
    None,

    /// <summary>Some calls can be allowed: it depends on arguments, state, history, limits or persons.</summary>
    Conditional,

    /// <summary>Every call is allowed.</summary>
    Full,
}
