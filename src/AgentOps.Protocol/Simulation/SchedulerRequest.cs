namespace AgentOps.Protocol.Simulation;

/// <summary>Settings of the scheduler; what is left out follows vLLM.</summary>
// Settable, and not init-only: the source-generated reader would overwrite what the JSON leaves out with zeros.
public sealed record SchedulerRequest
{
    /// <summary><c>continuous</c>, <c>static</c> or <c>dynamic</c>.</summary>
    public string Batching { get; set; } = "continuous";

    /// <summary><c>first-come</c>, <c>priority</c> or <c>shortest-job</c>.</summary>
    public string Order { get; set; } = "first-come";

    /// <summary>The largest batch in sequences.</summary>
    public int? MaxNumSeqs { get; set; }

    /// <summary>The largest step in tokens.</summary>
    public int? MaxNumBatchedTokens { get; set; }

    /// <summary>Tokens in a KV block.</summary>
    public int? BlockSize { get; set; }

    /// <summary>KV blocks of a replica; worked out where left out.</summary>
    public long? KvBlocks { get; set; }

    /// <summary>KV blocks in the host's memory.</summary>
    public long CpuKvBlocks { get; set; }

    /// <summary>Whether equal beginnings are computed once.</summary>
    public bool PrefixCaching { get; set; } = true;

    /// <summary>Whether the next step is prepared while one runs.</summary>
    public bool AsyncScheduling { get; set; } = true;

    /// <summary>Requests of a static or dynamic batch.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>Milliseconds a dynamic batch waits to fill.</summary>
    public double BatchTimeoutMilliseconds { get; set; } = 50;

    /// <summary>Tokens drafted a step.</summary>
    public int SpeculativeTokens { get; set; }

    /// <summary>Probability that a drafted token is accepted.</summary>
    public double AcceptanceRate { get; set; }

    /// <summary>Steps one by one instead of jumping.</summary>
    public bool Exact { get; set; }
}
