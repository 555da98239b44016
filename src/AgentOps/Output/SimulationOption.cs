using System.Globalization;
using AgentOps.Protocol.Simulation;

namespace AgentOps.Output;

/// <summary>A deployment that a search tried.</summary>
public sealed record SimulationOption
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The accelerator.</summary>
    public required string Accelerator { get; init; }

    /// <summary>Devices in all, over all replicas.</summary>
    public required int Devices { get; init; }

    /// <summary>Replicas behind the router.</summary>
    public required int Replicas { get; init; }

    /// <summary>Devices that share each layer.</summary>
    public required int TensorParallel { get; init; }

    /// <summary>Precision of the weights.</summary>
    public required string Precision { get; init; }

    /// <summary>The scheduler's largest batch, in sequences.</summary>
    public required int MaximumSequences { get; init; }

    /// <summary>The scheduler's largest step, in tokens.</summary>
    public required int MaximumStepTokens { get; init; }

    /// <summary>Whether the promise is kept.</summary>
    public required bool ObjectiveMet { get; init; }

    /// <summary>Share of requests that keep it, 0 to 1.</summary>
    public required double ShareKept { get; init; }

    /// <summary>What stands in the way of more requests keeping it; null where every request does.</summary>
    public string? Binding { get; init; }

    /// <summary>Whether no other option beats it in price, latency and share kept together.</summary>
    public required bool IsPareto { get; init; }

    /// <summary>99th percentile of the time to the first token.</summary>
    public required TimeSpan TimeToFirstTokenP99 { get; init; }

    /// <summary>Mean time of a further token.</summary>
    public required TimeSpan TimePerOutputToken { get; init; }

    /// <summary>Mean time to the last token.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>99th percentile of the time to the last token.</summary>
    public required TimeSpan LatencyP99 { get; init; }

    /// <summary>Share of time in which the devices computed, 0 to 1.</summary>
    public required double Utilization { get; init; }

    /// <summary>An hour of all devices, in USD; null where no price is known.</summary>
    public decimal? CostPerHour { get; init; }

    /// <summary>A million answer tokens, in USD, all cost on them; null where no price is known.</summary>
    public decimal? CostPerMillionOutput { get; init; }

    /// <summary>Energy of a million tokens, in watt-hours.</summary>
    public required double WattHoursPerMillionTokens { get; init; }

    /// <summary>Replicas, devices of each, and the accelerator.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Replicas} x {TensorParallel} {Accelerator}");

    internal static SimulationOption From(string model, OptionReport report) => new()
    {
        Model = model,
        Accelerator = report.Accelerator,
        Devices = report.Devices,
        Replicas = report.Replicas,
        TensorParallel = report.TensorParallel,
        Precision = report.Precision,
        MaximumSequences = report.MaxNumSeqs,
        MaximumStepTokens = report.MaxNumBatchedTokens,
        ObjectiveMet = report.Met,
        ShareKept = report.Share,
        Binding = report.Binding,
        IsPareto = report.Pareto,
        TimeToFirstTokenP99 = TimeSpan.FromMilliseconds(report.Ttft.P99),
        TimePerOutputToken = TimeSpan.FromMilliseconds(report.Tpot.Mean),
        Latency = TimeSpan.FromMilliseconds(report.E2e.Mean),
        LatencyP99 = TimeSpan.FromMilliseconds(report.E2e.P99),
        Utilization = report.Utilization,
        CostPerHour = report.UsdPerHour,
        CostPerMillionOutput = report.UsdPerMillionOutput,
        WattHoursPerMillionTokens = report.WattHoursPerMillionTokens,
    };
}
