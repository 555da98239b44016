namespace AgentOps.Engine.Routing;

/// <summary>A call of a target failed. Another attempt follows only when nothing had been answered yet.</summary>
/// <param name="Attempt">What happened and what it cost.</param>
public sealed record AttemptFailed(RouteAttempt Attempt) : RoutedEvent;
