namespace AgentOps.Protocol.Simulation;

/// <summary>A promise on latency; a request keeps it when it keeps each limit given.</summary>
// Settable, and not init-only: the source-generated reader would overwrite what the JSON leaves out with zeros.
public sealed record ObjectiveRequest
{
    /// <summary>Limit on the time to the first token, in milliseconds.</summary>
    public double? TtftMilliseconds { get; set; }

    /// <summary>Limit on the mean time of a further token, in milliseconds.</summary>
    public double? TpotMilliseconds { get; set; }

    /// <summary>Limit on the whole answer, in milliseconds.</summary>
    public double? E2eMilliseconds { get; set; }

    /// <summary>Share of requests that must keep it, 0 to 1.</summary>
    public double Share { get; set; } = 0.99;
}
