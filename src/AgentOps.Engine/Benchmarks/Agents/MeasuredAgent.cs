using AgentOps.Engine.Agents;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>An agent of a workspace that is to be measured: its instructions, limits and models, on a suite's tools and under its policies.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Route">Its route.</param>
/// <param name="Providers">The providers that the route names.</param>
public sealed record MeasuredAgent(AgentDefinition Agent, RouteDefinition Route, IReadOnlyList<ProviderDefinition> Providers);
