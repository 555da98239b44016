namespace AgentOps.Protocol.Simulation;

/// <summary>What <c>agentops simulate</c> is asked.</summary>
// Settable, and not init-only: the source-generated reader would overwrite what the JSON leaves out with zeros.
public sealed record SimulationRequest
{
    /// <summary>Name of a model of the catalog.</summary>
    public required string Model { get; set; }

    /// <summary>Names of accelerators of the catalog; a result for each.</summary>
    public required IReadOnlyList<string> Accelerators { get; set; }

    /// <summary>Devices that share each layer; 0 for the fewest that fit.</summary>
    public int TensorParallel { get; set; }

    /// <summary>Stages that the layers are cut into.</summary>
    public int PipelineParallel { get; set; } = 1;

    /// <summary>Attention groups that share experts.</summary>
    public int DataParallel { get; set; } = 1;

    /// <summary>Whether whole experts lie on devices.</summary>
    public bool ExpertParallel { get; set; }

    /// <summary>Load of the busiest device's experts over the mean.</summary>
    public double ExpertImbalance { get; set; } = 1;

    /// <summary>Replicas behind the router.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary>Replicas that compute prompts alone (disaggregation); the others then only decode. 0 for none.</summary>
    public int PrefillReplicas { get; set; }

    /// <summary>Starts and stops replicas with the load, up to <see cref="Replicas"/>; left out for a fixed number.</summary>
    public AutoscaleRequest? Autoscale { get; set; }

    /// <summary>Model calls that a task takes, for the cost of a task.</summary>
    public double CallsPerTask { get; set; } = 1;

    /// <summary>Share of tasks that succeed; the cost of the others is shared out.</summary>
    public double TaskSuccess { get; set; } = 1;

    /// <summary>US dollars of prepaid credit, to say how long it lasts; left out for none.</summary>
    public decimal? Credit { get; set; }

    /// <summary><c>round-robin</c>, <c>least-loaded</c> or <c>prefix-aware</c>.</summary>
    public string Routing { get; set; } = "round-robin";

    /// <summary><c>fp16</c>, <c>bf16</c>, <c>fp8</c>, <c>int8</c> or <c>fp4</c>; the model's own where left out.</summary>
    public string? Precision { get; set; }

    /// <summary>Precision of the KV cache.</summary>
    public string KvPrecision { get; set; } = "fp16";

    /// <summary>Share of device memory that the server may use.</summary>
    public double MemoryUtilization { get; set; } = 0.9;

    /// <summary>The load.</summary>
    public WorkloadRequest Workload { get; set; } = new();

    /// <summary>The scheduler.</summary>
    public SchedulerRequest Scheduler { get; set; } = new();

    /// <summary>The promise, for goodput.</summary>
    public ObjectiveRequest? Objective { get; set; }

    /// <summary>US dollars an hour of one device, instead of the catalog's.</summary>
    public decimal? PricePerHour { get; set; }

    /// <summary>Seed of arrivals and lengths.</summary>
    public ulong Seed { get; set; } = 42;

    /// <summary>Seconds between points of the time series; left out for none.</summary>
    public double? SampleSeconds { get; set; }
}
