namespace AgentOps.Protocol.Simulation;

/// <summary>A promise on latency; a request keeps it when it keeps each limit given.</summary>
public sealed record ObjectiveRequest
{
    /// <summary>Limit on the time to the first token, in milliseconds.</summary>
    public double? TtftMilliseconds { get; init; }

    /// <summary>Limit on the mean time of a further token, in milliseconds.</summary>
    public double? TpotMilliseconds { get; init; }

    /// <summary>Limit on the whole answer, in milliseconds.</summary>
    public double? E2eMilliseconds { get; init; }

    /// <summary>Share of requests that must keep it, 0 to 1.</summary>
    public double Share { get; init; } = 0.99;
}
