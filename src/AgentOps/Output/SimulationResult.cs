using AgentOps.Protocol.Simulation;

namespace AgentOps.Output;

/// <summary>What a simulation predicts for a load on one deployment.</summary>
public sealed record SimulationResult
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The accelerator.</summary>
    public required string Accelerator { get; init; }

    /// <summary>Devices in all, over all replicas.</summary>
    public required int Devices { get; init; }

    /// <summary>Replicas behind the router.</summary>
    public required int Replicas { get; init; }

    /// <summary>Requests answered.</summary>
    public required int Completed { get; init; }

    /// <summary>Requests refused because they can never fit.</summary>
    public required int Refused { get; init; }

    /// <summary>From the first arrival to the last answer.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Median time to the first token.</summary>
    public required TimeSpan TimeToFirstTokenP50 { get; init; }

    /// <summary>95th percentile of the time to the first token.</summary>
    public required TimeSpan TimeToFirstTokenP95 { get; init; }

    /// <summary>Median of the mean time of a further token.</summary>
    public required TimeSpan TimePerOutputTokenP50 { get; init; }

    /// <summary>95th percentile of the mean time of a further token.</summary>
    public required TimeSpan TimePerOutputTokenP95 { get; init; }

    /// <summary>Median time to the last token.</summary>
    public required TimeSpan LatencyP50 { get; init; }

    /// <summary>95th percentile of the time to the last token.</summary>
    public required TimeSpan LatencyP95 { get; init; }

    /// <summary>Answered requests a second.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Answer tokens a second.</summary>
    public required double OutputTokensPerSecond { get; init; }

    /// <summary>Whether the promise is kept; null without one.</summary>
    public bool? ObjectiveMet { get; init; }

    /// <summary>Whether the load outran the deployment, so that waits depend on how long it lasts.</summary>
    public required bool Saturated { get; init; }

    /// <summary>Sequences that gave way to others.</summary>
    public required long Preemptions { get; init; }

    /// <summary>Largest share of the KV cache held, 0 to 1.</summary>
    public required double PeakCacheUse { get; init; }

    /// <summary>Share of time in which the devices computed, 0 to 1.</summary>
    public required double Utilization { get; init; }

    /// <summary>All devices for the run, in USD; null where no price is known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>A million answer tokens, in USD; null where no price is known.</summary>
    public decimal? CostPerMillionOutput { get; init; }

    /// <summary>Where the price comes from.</summary>
    public string? PriceSource { get; init; }

    /// <summary>Energy of a million tokens, in watt-hours.</summary>
    public required double WattHoursPerMillionTokens { get; init; }

    /// <summary>The state over time, where it was asked for.</summary>
    public required SimulationPoint[] Series { get; init; }

    internal static SimulationResult From(SimulationReport report) => new()
    {
        Model = report.Model,
        Accelerator = report.Accelerator,
        Devices = report.Devices,
        Replicas = report.Replicas,
        Completed = report.Completed,
        Refused = report.Refused,
        Duration = TimeSpan.FromSeconds(report.DurationSeconds),
        TimeToFirstTokenP50 = TimeSpan.FromMilliseconds(report.Ttft.P50),
        TimeToFirstTokenP95 = TimeSpan.FromMilliseconds(report.Ttft.P95),
        TimePerOutputTokenP50 = TimeSpan.FromMilliseconds(report.Tpot.P50),
        TimePerOutputTokenP95 = TimeSpan.FromMilliseconds(report.Tpot.P95),
        LatencyP50 = TimeSpan.FromMilliseconds(report.E2e.P50),
        LatencyP95 = TimeSpan.FromMilliseconds(report.E2e.P95),
        RequestsPerSecond = report.RequestsPerSecond,
        OutputTokensPerSecond = report.OutputTokensPerSecond,
        ObjectiveMet = report.ObjectiveMet,
        Saturated = report.Saturated,
        Preemptions = report.Preemptions,
        PeakCacheUse = report.PeakKvUse,
        Utilization = report.Utilization,
        Cost = report.Cost?.Total,
        CostPerMillionOutput = report.Cost?.PerMillionOutput,
        PriceSource = report.Cost?.PriceSource,
        WattHoursPerMillionTokens = report.WattHoursPerMillionTokens,
        Series = [.. (report.Series ?? []).Select(SimulationPoint.From)],
    };
}
