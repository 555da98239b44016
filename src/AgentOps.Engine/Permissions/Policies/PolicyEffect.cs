namespace AgentOps.Engine.Permissions;

/// <summary>What a rule does when it matches.</summary>
public enum PolicyEffect
{
    /// <summary>Lets the call happen, if no forbid matches and every matching require is met.</summary>
    Permit,

    /// <summary>Refuses the call, whatever permits it.</summary>
    Forbid,

    /// <summary>Lets the call happen only with its obligations met.</summary>
    Require,
}
