using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>An event of the answer itself.</summary>
/// <param name="Event">Text, reasoning or a tool call; the end comes as <see cref="RouteCompleted"/> alone.</param>
public sealed record ModelOutput(ModelEvent Event) : RoutedEvent;
