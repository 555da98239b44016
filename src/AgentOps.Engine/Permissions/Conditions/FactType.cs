namespace AgentOps.Engine.Permissions;

/// <summary>The type of a fact.</summary>
public enum FactType
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A set of texts.</summary>
    TextSet,

    /// <summary>A number, whole or decimal.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A time.</summary>
    Time,

    /// <summary>One of an ordered list of words, such as data classes.</summary>
    Level,
}
