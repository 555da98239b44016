using AgentOps.Simulation.Latency;
using AgentOps.Simulation.Results;
using AgentOps.Simulation.Serving;

namespace AgentOps.Simulation;

/// <summary>Runs scenarios. Pure: the same scenario gives the same result, to the last bit, on every platform.</summary>
public static class Simulator
{
    /// <summary>Simulates a scenario to its end.</summary>
    /// <param name="scenario">Load and deployment.</param>
    /// <param name="progress">Told now and then how many requests have been handed over; may be null.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="SimulationInputException">The scenario can't run as given.</exception>
    public static SimulationResult Run(Scenario scenario, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var outcome = RunDetailed(scenario, progress, cancellationToken);
        return outcome.Summarize();
    }

    /// <summary>Simulates a scenario and keeps each request's times.</summary>
    /// <param name="scenario">Load and deployment.</param>
    /// <param name="progress">Told now and then how many requests have been handed over; may be null.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="SimulationInputException">The scenario can't run as given.</exception>
    public static SimulationOutcome RunDetailed(Scenario scenario, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var scheduler = ScenarioValidation.Check(scenario);
        var blocks = scheduler.KeyValueBlocks ?? throw new InvalidOperationException("Blocks are settled by the check.");
        var cost = new StepCostModel(scenario.Deployment, scenario.Coefficients, scheduler.MaximumStepTokens, scheduler.MaximumSequences);
        return new Cluster(scenario, scheduler, cost, blocks).Run(progress, cancellationToken);
    }
}
