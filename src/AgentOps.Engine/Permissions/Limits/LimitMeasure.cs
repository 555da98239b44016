namespace AgentOps.Engine.Permissions;

/// <summary>What a limit adds up.</summary>
public enum LimitMeasure
{
    /// <summary>Calls.</summary>
    Calls,

    /// <summary>The value of an argument.</summary>
    Argument,

    /// <summary>Money spent on models.</summary>
    Cost,
}
