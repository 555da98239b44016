namespace AgentOps.Engine.Routing;

/// <summary>A call of a target failed, or was given up for a faster one (then it has no fault). Another attempt follows only when nothing had been answered yet.</summary>
/// <param name="Attempt">What happened and what it cost.</param>
public sealed record AttemptFailed(RouteAttempt Attempt) : RoutedEvent;
