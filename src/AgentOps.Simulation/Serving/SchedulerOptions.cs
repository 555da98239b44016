namespace AgentOps.Simulation.Serving;

/// <summary>Settings of a replica's scheduler; names and defaults follow vLLM.</summary>
public sealed record SchedulerOptions
{
    /// <summary>When requests may join.</summary>
    public BatchingKind Batching { get; init; }

    /// <summary>Which waiting request is next.</summary>
    public QueueOrder Order { get; init; }

    /// <summary>The largest batch, in sequences.</summary>
    public int MaximumSequences { get; init; } = 256;

    /// <summary>The largest step, in tokens; longer prompts are computed in chunks.</summary>
    public int MaximumStepTokens { get; init; } = 8192;

    /// <summary>Tokens in a KV block.</summary>
    public int BlockSize { get; init; } = 16;

    /// <summary>KV blocks of a replica; null to work them out from the memory.</summary>
    public long? KeyValueBlocks { get; init; }

    /// <summary>KV blocks kept in the host's memory after eviction; 0 for none.</summary>
    public long HostBlocks { get; init; }

    /// <summary>Whether equal prompt beginnings are computed once.</summary>
    public bool PrefixCaching { get; init; } = true;

    /// <summary>Whether the next step is prepared while one runs, so that an arrival waits for both.</summary>
    public bool AsynchronousScheduling { get; init; } = true;

    /// <summary>Requests that make a batch under static and dynamic batching.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Longest wait for a batch to fill under dynamic batching.</summary>
    public TimeSpan BatchTimeout { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Tokens drafted a step by a speculative decoder; 0 for none.</summary>
    public int SpeculativeTokens { get; init; }

    /// <summary>Probability that a drafted token is accepted when those before it were.</summary>
    public double AcceptanceRate { get; init; }

    /// <summary>Time of drafting relative to a step of the model itself.</summary>
    public double DraftCost { get; init; } = 0.1;

    /// <summary>Steps one by one, with everything counted by hand: the oracle of the closed forms.</summary>
    public bool ExactStepping { get; init; }
}
