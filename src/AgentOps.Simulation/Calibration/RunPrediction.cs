namespace AgentOps.Simulation.Calibration;

/// <summary>Simulated figures of a measured run.</summary>
/// <param name="Whole">Over the whole run, in milliseconds.</param>
/// <param name="Stages">Of each stage.</param>
/// <param name="Saturated">Whether the load outran the server in any of the simulated seeds.</param>
/// <param name="PrefixHitRate">Share of prompt tokens found in the prefix cache.</param>
/// <param name="HostHitRate">Share of prompt tokens loaded back from the host's memory.</param>
public sealed record RunPrediction(
    IReadOnlyDictionary<Metric, double> Whole,
    IReadOnlyList<IReadOnlyDictionary<Metric, double>> Stages,
    bool Saturated,
    double PrefixHitRate,
    double HostHitRate)
{
    /// <summary>The lowest figure of each metric over the seeds.</summary>
    public required IReadOnlyDictionary<Metric, double> Lowest { get; init; }

    /// <summary>The highest figure of each metric over the seeds.</summary>
    public required IReadOnlyDictionary<Metric, double> Highest { get; init; }
}
