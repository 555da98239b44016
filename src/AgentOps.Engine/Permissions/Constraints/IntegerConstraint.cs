namespace AgentOps.Engine.Permissions;

/// <summary>A whole number within bounds, both included.</summary>
public sealed record IntegerConstraint : ArgumentConstraint
{
    /// <summary>The only numbers; null for any.</summary>
    public IReadOnlyList<long>? In { get; init; }

    /// <summary>Smallest; null for none.</summary>
    public long? Min { get; init; }

    /// <summary>Largest; null for none.</summary>
    public long? Max { get; init; }

    /// <inheritdoc/>
    public override string Type => "integer";
}
