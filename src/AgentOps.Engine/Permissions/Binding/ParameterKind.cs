namespace AgentOps.Engine.Permissions;

/// <summary>The types that a tool's parameter can have.</summary>
public enum ParameterKind
{
    /// <summary>A text.</summary>
    String,

    /// <summary>A 64-bit whole number.</summary>
    Integer,

    /// <summary>An exact decimal.</summary>
    Decimal,

    /// <summary>True or false; a PowerShell switch too.</summary>
    Boolean,

    /// <summary>A time with its zone.</summary>
    Date,

    /// <summary>A path of the file system, a text in which wildcards, drives and providers are refused.</summary>
    Path,

    /// <summary>A list of one of the others.</summary>
    Array,

    /// <summary>Free JSON. No constraint is met by it, so only a permit that leaves arguments open lets it through.</summary>
    Object,
}
