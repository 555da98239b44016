using AgentOps.Protocol.Simulation;

namespace AgentOps.Output;

/// <summary>The state of a simulated deployment at one moment.</summary>
public sealed record SimulationPoint
{
    /// <summary>From the start of the load.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Requests in the batch.</summary>
    public required int Running { get; init; }

    /// <summary>Requests that wait for admission.</summary>
    public required int Waiting { get; init; }

    /// <summary>Share of the KV cache held, 0 to 1.</summary>
    public required double CacheUse { get; init; }

    /// <summary>Answer tokens a second in the interval that begins then.</summary>
    public required double OutputTokensPerSecond { get; init; }

    internal static SimulationPoint From(SeriesPoint point) => new()
    {
        Time = TimeSpan.FromSeconds(point.Seconds),
        Running = point.Running,
        Waiting = point.Waiting,
        CacheUse = point.KvUse,
        OutputTokensPerSecond = point.OutputTokensPerSecond,
    };
}
