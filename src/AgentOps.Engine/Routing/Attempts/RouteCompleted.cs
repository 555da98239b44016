using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>The end of a routed call. Its cost includes the attempts that failed.</summary>
/// <param name="Target">The target that answered.</param>
/// <param name="Completion">Why the answer ended, its usage, the model's own name.</param>
/// <param name="Cost">All attempts together, in <paramref name="Currency"/>, unrounded.</param>
/// <param name="Currency">Always <c>USD</c>.</param>
/// <param name="Attempts">Every attempt, the failed first.</param>
public sealed record RouteCompleted(
    RouteTarget Target,
    ModelCompleted Completion,
    decimal Cost,
    string Currency,
    IReadOnlyList<RouteAttempt> Attempts) : RoutedEvent
{
    /// <summary>Answered from the cache of exact requests, without a call.</summary>
    public bool FromCache { get; init; }
}
