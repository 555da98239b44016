using System.Text.Json.Serialization;

namespace AgentOps.Protocol.Simulation;

/// <summary>What came of one deployment; a line of type <c>result</c>.</summary>
public sealed record SimulationReport
{
    /// <summary>Always <c>result</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "result";

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The accelerator.</summary>
    public required string Accelerator { get; init; }

    /// <summary>Devices in all, over all replicas.</summary>
    public required int Devices { get; init; }

    /// <summary>Devices that share each layer.</summary>
    public required int TensorParallel { get; init; }

    /// <summary>Replicas.</summary>
    public required int Replicas { get; init; }

    /// <summary>Largest number of replicas that ran or started at once.</summary>
    public required int PeakReplicas { get; init; }

    /// <summary>Hours of all replicas together that are paid for.</summary>
    public required double ReplicaHours { get; init; }

    /// <summary>Weights' precision.</summary>
    public required string Precision { get; init; }

    /// <summary>Requests answered.</summary>
    public required int Completed { get; init; }

    /// <summary>Requests refused because they can never fit.</summary>
    public required int Refused { get; init; }

    /// <summary>Seconds from the first arrival to the last answer.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Time to the first token, ms.</summary>
    public required DistributionReport Ttft { get; init; }

    /// <summary>Mean time of a further token a request, ms.</summary>
    public required DistributionReport Tpot { get; init; }

    /// <summary>Time to the last token, ms.</summary>
    public required DistributionReport E2e { get; init; }

    /// <summary>Wait for admission, ms.</summary>
    public required DistributionReport Queueing { get; init; }

    /// <summary>Prompt tokens.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>Answer tokens.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Answered requests a second.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Answer tokens a second.</summary>
    public required double OutputTokensPerSecond { get; init; }

    /// <summary>Requests a second that kept the promise; null without one.</summary>
    public double? GoodputPerSecond { get; init; }

    /// <summary>Share of requests that kept the promise; null without one.</summary>
    public double? ObjectiveShare { get; init; }

    /// <summary>Whether the promise is kept; null without one.</summary>
    public bool? ObjectiveMet { get; init; }

    /// <summary>Share of prompt tokens found in the prefix cache.</summary>
    public required double PrefixHitRate { get; init; }

    /// <summary>Share of prompt tokens loaded from the host's memory.</summary>
    public required double HostHitRate { get; init; }

    /// <summary>Sequences that gave way.</summary>
    public required long Preemptions { get; init; }

    /// <summary>Mean batch.</summary>
    public required double MeanBatch { get; init; }

    /// <summary>Largest batch.</summary>
    public required int PeakBatch { get; init; }

    /// <summary>KV blocks of a replica.</summary>
    public required long KvBlocks { get; init; }

    /// <summary>Mean share of KV blocks held.</summary>
    public required double KvUse { get; init; }

    /// <summary>Largest share of KV blocks held.</summary>
    public required double PeakKvUse { get; init; }

    /// <summary>Share of time in which the devices computed.</summary>
    public required double Utilization { get; init; }

    /// <summary>Whether the load outran the deployment, so that waits depend on how long it lasts.</summary>
    public required bool Saturated { get; init; }

    /// <summary>Steps of the engines.</summary>
    public required long Steps { get; init; }

    /// <summary>Money; null where no price is known.</summary>
    public CostReport? Cost { get; init; }

    /// <summary>Watt-hours the devices took.</summary>
    public required double EnergyWattHours { get; init; }

    /// <summary>Watt-hours a million tokens, prompt and answer.</summary>
    public required double WattHoursPerMillionTokens { get; init; }

    /// <summary>State over time, where asked for.</summary>
    public IReadOnlyList<SeriesPoint>? Series { get; init; }
}
