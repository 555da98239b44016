namespace AgentOps.Engine.Permissions;

/// <summary>How a fact is tested.</summary>
public enum FactOperator
{
    /// <summary>The fact is the value.</summary>
    Is,

    /// <summary>The fact is not the value.</summary>
    IsNot,

    /// <summary>The fact is one of the values; a set holds at least one of them.</summary>
    AnyOf,

    /// <summary>The fact is none of the values; a set holds none of them.</summary>
    NoneOf,

    /// <summary>The set holds all of the values.</summary>
    AllOf,

    /// <summary>At least the value, by number, time or level.</summary>
    AtLeast,

    /// <summary>At most the value, by number, time or level.</summary>
    AtMost,
}
