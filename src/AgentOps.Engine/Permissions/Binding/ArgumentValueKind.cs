namespace AgentOps.Engine.Permissions;

/// <summary>What an <see cref="ArgumentValue"/> holds.</summary>
public enum ArgumentValueKind : byte
{
    /// <summary>Nothing; no constraint is met by it.</summary>
    Null,

    /// <summary>A text.</summary>
    String,

    /// <summary>A 64-bit whole number.</summary>
    Integer,

    /// <summary>An exact decimal.</summary>
    Decimal,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A time in UTC.</summary>
    Date,

    /// <summary>A list.</summary>
    Array,

    /// <summary>Named values; no constraint is met by it.</summary>
    Object,
}
