namespace AgentOps.Engine.Routing;

/// <summary>A target is being called.</summary>
/// <param name="Target">The target.</param>
/// <param name="Number">The attempt, from 1.</param>
public sealed record AttemptStarted(RouteTarget Target, int Number) : RoutedEvent;
