namespace AgentOps.Engine.Permissions;

/// <summary>A time within bounds, both included.</summary>
public sealed record DateConstraint : ArgumentConstraint
{
    /// <summary>Earliest; null for none.</summary>
    public DateTimeOffset? Min { get; init; }

    /// <summary>Latest; null for none.</summary>
    public DateTimeOffset? Max { get; init; }

    /// <inheritdoc/>
    public override string Type => "date";
}
