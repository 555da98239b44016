namespace AgentOps.Protocol.Simulation;

/// <summary>Settings of the scheduler; what is left out follows vLLM.</summary>
public sealed record SchedulerRequest
{
    /// <summary><c>continuous</c>, <c>static</c> or <c>dynamic</c>.</summary>
    public string Batching { get; init; } = "continuous";

    /// <summary><c>first-come</c>, <c>priority</c> or <c>shortest-job</c>.</summary>
    public string Order { get; init; } = "first-come";

    /// <summary>The largest batch in sequences.</summary>
    public int? MaxNumSeqs { get; init; }

    /// <summary>The largest step in tokens.</summary>
    public int? MaxNumBatchedTokens { get; init; }

    /// <summary>Tokens in a KV block.</summary>
    public int? BlockSize { get; init; }

    /// <summary>KV blocks of a replica; worked out where left out.</summary>
    public long? KvBlocks { get; init; }

    /// <summary>KV blocks in the host's memory.</summary>
    public long CpuKvBlocks { get; init; }

    /// <summary>Whether equal beginnings are computed once.</summary>
    public bool PrefixCaching { get; init; } = true;

    /// <summary>Whether the next step is prepared while one runs.</summary>
    public bool AsyncScheduling { get; init; } = true;

    /// <summary>Requests of a static or dynamic batch.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Milliseconds a dynamic batch waits to fill.</summary>
    public double BatchTimeoutMilliseconds { get; init; } = 50;

    /// <summary>Tokens drafted a step.</summary>
    public int SpeculativeTokens { get; init; }

    /// <summary>Probability that a drafted token is accepted.</summary>
    public double AcceptanceRate { get; init; }

    /// <summary>Steps one by one instead of jumping.</summary>
    public bool Exact { get; init; }
}
