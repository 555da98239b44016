using AgentOps.Simulation.Costs;
using AgentOps.Simulation.Results;

namespace AgentOps.Simulation.Optimization;

/// <summary>A deployment that was tried.</summary>
/// <param name="Scenario">The deployment and its load.</param>
/// <param name="Result">Its figures.</param>
/// <param name="Cost">Its cost.</param>
/// <param name="ShareKept">Share of requests that kept the promise.</param>
/// <param name="Met">Whether enough did.</param>
/// <param name="Binding">What stands in the way of more requests keeping it; null where nothing does.</param>
public sealed record PlanOption(Scenario Scenario, SimulationResult Result, CostSummary Cost, double ShareKept, bool Met, string? Binding)
{
    /// <summary>Devices over all replicas.</summary>
    public int Devices => Scenario.Deployment.Devices * Scenario.Replicas;
}
