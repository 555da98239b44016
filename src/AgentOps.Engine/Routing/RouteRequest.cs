using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>What a route is asked for.</summary>
/// <param name="Route">The route.</param>
/// <param name="Request">The call; its <see cref="ModelRequest.Model"/> is replaced by the chosen target's.</param>
public sealed record RouteRequest(RouteDefinition Route, ModelRequest Request)
{
    /// <summary>The most that the call may cost, in US dollars; null for no limit.</summary>
    public decimal? Budget { get; init; }

    /// <summary>Says whether the agent may use a target; null: all. The reason is shown to the user.</summary>
    public Func<RouteTarget, TargetPermission>? MayUse { get; init; }
}
