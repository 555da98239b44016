namespace AgentOps.Engine.Permissions;

/// <summary>A sum that must stay at or below a bound, counted with what is in flight.</summary>
public sealed record LimitObligation : Obligation
{
    /// <summary>Whose use is added up.</summary>
    public LimitKey Key { get; init; }

    /// <summary>What is added up.</summary>
    public LimitMeasure Measure { get; init; }

    /// <summary>The argument that is added up, for <see cref="LimitMeasure.Argument"/>.</summary>
    public string? Argument { get; init; }

    /// <summary>The bound, included.</summary>
    public required decimal Max { get; init; }

    /// <summary>The sliding window; null for ever.</summary>
    public TimeSpan? Window { get; init; }
}
