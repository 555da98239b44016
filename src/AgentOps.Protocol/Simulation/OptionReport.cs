namespace AgentOps.Protocol.Simulation;

/// <summary>A deployment that a search tried.</summary>
public sealed record OptionReport
{
    /// <summary>The accelerator.</summary>
    public required string Accelerator { get; init; }

    /// <summary>Devices over all replicas.</summary>
    public required int Devices { get; init; }

    /// <summary>Devices that share each layer.</summary>
    public required int TensorParallel { get; init; }

    /// <summary>Replicas.</summary>
    public required int Replicas { get; init; }

    /// <summary>Weights' precision.</summary>
    public required string Precision { get; init; }

    /// <summary>The largest batch.</summary>
    public required int MaxNumSeqs { get; init; }

    /// <summary>The largest step in tokens.</summary>
    public required int MaxNumBatchedTokens { get; init; }

    /// <summary>Whether the promise is kept.</summary>
    public required bool Met { get; init; }

    /// <summary>Share of requests that keep it.</summary>
    public required double Share { get; init; }

    /// <summary>What stands in the way of more.</summary>
    public string? Binding { get; init; }

    /// <summary>Whether nothing else is both cheaper and better.</summary>
    public required bool Pareto { get; init; }

    /// <summary>Time to the first token, ms.</summary>
    public required DistributionReport Ttft { get; init; }

    /// <summary>Mean time of a further token a request, ms.</summary>
    public required DistributionReport Tpot { get; init; }

    /// <summary>Time to the last token, ms.</summary>
    public required DistributionReport E2e { get; init; }

    /// <summary>Share of time in which the devices computed.</summary>
    public required double Utilization { get; init; }

    /// <summary>US dollars an hour; null where no price is known.</summary>
    public decimal? UsdPerHour { get; init; }

    /// <summary>US dollars a million answer tokens, all cost on them.</summary>
    public decimal? UsdPerMillionOutput { get; init; }

    /// <summary>Watt-hours a million tokens.</summary>
    public required double WattHoursPerMillionTokens { get; init; }
}
