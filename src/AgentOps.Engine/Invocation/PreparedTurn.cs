using AgentOps.Engine.Routing;

namespace AgentOps.Engine.Invocation;

/// <summary>A model call that was routed and not yet made.</summary>
/// <param name="Router">What makes it.</param>
/// <param name="Request">What is asked.</param>
/// <param name="Decision">Where it goes.</param>
/// <param name="Purpose">What it is for, when it is no turn of the agent's.</param>
internal sealed record PreparedTurn(Router Router, RouteRequest Request, RouteDecision Decision, string? Purpose)
{
    /// <summary>
    /// The context, in tokens, of the model that is called first; where the prompt is too long for all, the longest there is. Null where
    /// nothing is known of it.
    /// </summary>
    public long? Context => Decision.Selected is not null
        ? Decision.Candidates.First(candidate => candidate.Selected).ContextTokens
        : Decision.Candidates.Where(candidate => candidate.Rejection == RejectionKind.ContextLength).Max(candidate => candidate.ContextTokens);
}
