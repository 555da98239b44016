namespace AgentOps.Protocol.Simulation;

/// <summary>What <c>agentops simulate</c> is asked.</summary>
public sealed record SimulationRequest
{
    /// <summary>Name of a model of the catalog.</summary>
    public required string Model { get; init; }

    /// <summary>Names of accelerators of the catalog; a result for each.</summary>
    public required IReadOnlyList<string> Accelerators { get; init; }

    /// <summary>Devices that share each layer; 0 for the fewest that fit.</summary>
    public int TensorParallel { get; init; }

    /// <summary>Stages that the layers are cut into.</summary>
    public int PipelineParallel { get; init; } = 1;

    /// <summary>Attention groups that share experts.</summary>
    public int DataParallel { get; init; } = 1;

    /// <summary>Whether whole experts lie on devices.</summary>
    public bool ExpertParallel { get; init; }

    /// <summary>Load of the busiest device's experts over the mean.</summary>
    public double ExpertImbalance { get; init; } = 1;

    /// <summary>Replicas behind the router.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary><c>round-robin</c>, <c>least-loaded</c> or <c>prefix-aware</c>.</summary>
    public string Routing { get; init; } = "round-robin";

    /// <summary><c>fp16</c>, <c>bf16</c>, <c>fp8</c>, <c>int8</c> or <c>fp4</c>; the model's own where left out.</summary>
    public string? Precision { get; init; }

    /// <summary>Precision of the KV cache.</summary>
    public string KvPrecision { get; init; } = "fp16";

    /// <summary>Share of device memory that the server may use.</summary>
    public double MemoryUtilization { get; init; } = 0.9;

    /// <summary>The load.</summary>
    public WorkloadRequest Workload { get; init; } = new();

    /// <summary>The scheduler.</summary>
    public SchedulerRequest Scheduler { get; init; } = new();

    /// <summary>The promise, for goodput.</summary>
    public ObjectiveRequest? Objective { get; init; }

    /// <summary>US dollars an hour of one device, instead of the catalog's.</summary>
    public decimal? PricePerHour { get; init; }

    /// <summary>Seed of arrivals and lengths.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Seconds between points of the time series; left out for none.</summary>
    public double? SampleSeconds { get; init; }
}
