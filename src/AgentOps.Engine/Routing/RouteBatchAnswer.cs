using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>What came of one of many prompts.</summary>
/// <param name="Index">Its place among the prompts, from 0.</param>
/// <param name="Request">The prompt.</param>
/// <param name="Message">The answer, or what came of it before it failed.</param>
/// <param name="Completed">The end with its cost; null when it failed.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
public sealed record RouteBatchAnswer(int Index, RouteRequest Request, Message Message, RouteCompleted? Completed, AgentOpsException? Error)
{
    /// <summary>What all attempts cost in US dollars, also where the call failed.</summary>
    public decimal Cost { get; init; }

    /// <summary>The attempt that a failed call ended with: what was used, estimated where the answer broke off; null where nothing was called.</summary>
    public RouteAttempt? Broken { get; init; }

    /// <summary>From the call to its end.</summary>
    public TimeSpan Duration { get; init; }
}
