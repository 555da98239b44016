using AgentOps.Simulation.Serving;

namespace AgentOps.Simulation.Results;

/// <summary>What came of a scenario.</summary>
public sealed record SimulationResult
{
    /// <summary>Requests that were answered.</summary>
    public required int Completed { get; init; }

    /// <summary>Requests refused at the door because they can never fit the model's context or the KV cache.</summary>
    public required int Refused { get; init; }

    /// <summary>Largest number of replicas that ran or started at once.</summary>
    public required int PeakReplicas { get; init; }

    /// <summary>Hours of all replicas together that are paid for.</summary>
    public required double ReplicaHours { get; init; }

    /// <summary>From the first arrival to the last answer.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Time to the first token, as a client sees it, in milliseconds.</summary>
    public required Distribution TimeToFirstToken { get; init; }

    /// <summary>Mean time of an answer's further tokens, (E2E − TTFT) / (tokens − 1) a request, in milliseconds.</summary>
    public required Distribution TimePerOutputToken { get; init; }

    /// <summary>Time to the last token, in milliseconds.</summary>
    public required Distribution EndToEnd { get; init; }

    /// <summary>Time from reaching the scheduler to being admitted, in milliseconds.</summary>
    public required Distribution Queueing { get; init; }

    /// <summary>Prompt tokens of the answered requests.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>Answer tokens.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Answered requests a second.</summary>
    public double RequestsPerSecond => Duration > TimeSpan.Zero ? Completed / Duration.TotalSeconds : 0;

    /// <summary>Answer tokens a second.</summary>
    public double OutputTokensPerSecond => Duration > TimeSpan.Zero ? OutputTokens / Duration.TotalSeconds : 0;

    /// <summary>Share of prompt tokens found in the prefix cache, 0 to 1.</summary>
    public required double PrefixHitRate { get; init; }

    /// <summary>Share of prompt tokens loaded back from the host's memory, 0 to 1.</summary>
    public required double HostHitRate { get; init; }

    /// <summary>Sequences that gave way because the KV cache was full.</summary>
    public required long Preemptions { get; init; }

    /// <summary>Mean sequences in a step, over the time in which something ran.</summary>
    public required double MeanBatch { get; init; }

    /// <summary>Largest number of sequences in a step.</summary>
    public required int PeakBatch { get; init; }

    /// <summary>Mean share of KV blocks held while something ran, 0 to 1.</summary>
    public required double MeanKeyValueUse { get; init; }

    /// <summary>Largest share of KV blocks held, 0 to 1.</summary>
    public required double PeakKeyValueUse { get; init; }

    /// <summary>Share of the time in which the replicas computed, 0 to 1.</summary>
    public required double Utilization { get; init; }

    /// <summary>Share of the computing time that prompts took, 0 to 1.</summary>
    public required double PromptTimeShare { get; init; }

    /// <summary>Steps of all replicas.</summary>
    public required long Steps { get; init; }

    /// <summary>KV blocks of one replica.</summary>
    public required long KeyValueBlocks { get; init; }

    /// <summary>Tokens that the model computed, prompt and answer.</summary>
    public required long ComputedTokens { get; init; }

    /// <summary>
    /// Whether the load outran the deployment: the backlog at the end of arrivals was more than the queue of a steady state,
    /// so that waits depend on how long the load lasts.
    /// </summary>
    public required bool Saturated { get; init; }

    /// <summary>State over time, where asked for.</summary>
    public IReadOnlyList<TimeSeriesPoint>? TimeSeries { get; init; }
}
