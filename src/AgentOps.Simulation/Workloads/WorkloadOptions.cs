namespace AgentOps.Simulation.Workloads;

/// <summary>A synthetic load.</summary>
public sealed record WorkloadOptions
{
    /// <summary>How gaps are drawn.</summary>
    public ArrivalProcess Arrivals { get; init; }

    /// <summary>Coefficient of variation of gamma gaps.</summary>
    public double Burstiness { get; init; } = 1;

    /// <summary>Stages one after the other; with <see cref="Requests"/> the last one goes on until there are enough.</summary>
    public IReadOnlyList<LoadStage> Stages { get; init; } = [];

    /// <summary>Number of requests; null where the stages end by their duration.</summary>
    public int? Requests { get; init; }

    /// <summary>Prompt lengths; with <see cref="Prefixes"/> what these add up to is used instead.</summary>
    public LengthDistribution Prompt { get; init; } = LengthDistribution.Of(512);

    /// <summary>Answer lengths.</summary>
    public LengthDistribution Output { get; init; } = LengthDistribution.Of(256);

    /// <summary>Shared beginnings and turns; null for independent prompts.</summary>
    public SharedPrefixes? Prefixes { get; init; }

    /// <summary>Seed of arrivals and lengths.</summary>
    public ulong Seed { get; init; } = 42;
}
