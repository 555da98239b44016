namespace AgentOps.Engine.Routing;

/// <summary>The decision, before anything is called.</summary>
/// <param name="Decision">Every candidate with its reason.</param>
public sealed record RouteChosen(RouteDecision Decision) : RoutedEvent;
