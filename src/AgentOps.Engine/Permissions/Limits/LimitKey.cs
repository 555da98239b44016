namespace AgentOps.Engine.Permissions;

/// <summary>Whose use a limit adds up. Always the server's own key, never one that a caller can choose anew.</summary>
public enum LimitKey
{
    /// <summary>Each agent by itself.</summary>
    Agent,

    /// <summary>Each person for whom agents act.</summary>
    OnBehalfOf,

    /// <summary>All under the rule's policy together.</summary>
    Policy,
}
