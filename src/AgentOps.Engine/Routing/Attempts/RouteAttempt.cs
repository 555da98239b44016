using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>One call of one target, ended.</summary>
/// <param name="Target">The target.</param>
/// <param name="Number">The attempt, from 1.</param>
/// <param name="Fault">Why it failed; null when it succeeded.</param>
/// <param name="Usage">Its tokens; estimated where the provider did not tell.</param>
/// <param name="Cost">In US dollars.</param>
/// <param name="Duration">From the call to its end.</param>
/// <param name="TimeToFirstToken">To the first event of the answer; null when none came.</param>
public sealed record RouteAttempt(
    RouteTarget Target,
    int Number,
    ProviderFault? Fault,
    Usage Usage,
    decimal Cost,
    TimeSpan Duration,
    TimeSpan? TimeToFirstToken);
