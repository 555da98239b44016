namespace AgentOps.Engine.Permissions;

/// <summary>A number, whole or decimal, within bounds, both included.</summary>
public sealed record DecimalConstraint : ArgumentConstraint
{
    /// <summary>Smallest; null for none.</summary>
    public decimal? Min { get; init; }

    /// <summary>Largest; null for none.</summary>
    public decimal? Max { get; init; }

    /// <inheritdoc/>
    public override string Type => "decimal";
}
