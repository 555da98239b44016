using AgentOps.Simulation.Costs;

namespace AgentOps.Simulation.Optimization;

/// <summary>Looks for the cheapest deployment that keeps a promise.</summary>
public static class Optimizer
{
    /// <summary>
    /// Tries each candidate with the fewest replicas that keep the promise, several candidates at a time; the result does not
    /// depend on how many.
    /// </summary>
    /// <param name="candidates">Deployments with one replica each; those that don't fit are passed over.</param>
    /// <param name="objective">The promise.</param>
    /// <param name="mostDevices">The largest number of devices.</param>
    /// <param name="progress">Told how many candidates are done; may be null.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="SimulationInputException">No candidate can run at all; says why the first can't.</exception>
    public static Plan Search(
        IReadOnlyList<Scenario> candidates,
        ServiceObjective objective,
        int mostDevices,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var fitting = Fitting(candidates, mostDevices);
        var options = new PlanOption[fitting.Count];
        var tried = 0;
        var done = 0;
        try
        {
            Parallel.For(0, fitting.Count, new ParallelOptions { CancellationToken = cancellationToken }, index =>
            {
                options[index] = Fewest(fitting[index], objective, mostDevices, ref tried, cancellationToken);
                progress?.Report(Interlocked.Increment(ref done));
            });
        }
        catch (AggregateException exception) when (exception.InnerExceptions.OfType<OperationCanceledException>().Any())
        {
            throw new OperationCanceledException(cancellationToken);
        }

        var best = options.Where(option => option.Met && option.Cost.PerHour is not null)
            .OrderBy(option => option.Cost.PerHour)
            .ThenBy(option => option.Result.EndToEnd.Mean)
            .FirstOrDefault()
            ?? options.Where(option => option.Met).OrderBy(option => option.Devices).ThenBy(option => option.Result.EndToEnd.Mean).FirstOrDefault();
        var more = best is null ? null : Try(best.Scenario with { Replicas = best.Scenario.Replicas + 1 }, objective, cancellationToken);
        return new Plan(best, options, Front(options), more, tried + (more is null ? 0 : 1));
    }

    private static List<Scenario> Fitting(IReadOnlyList<Scenario> candidates, int mostDevices)
    {
        var fitting = new List<Scenario>();
        SimulationInputException? first = null;
        foreach (var candidate in candidates)
        {
            if (candidate.Deployment.Devices > mostDevices)
            {
                continue;
            }

            try
            {
                ScenarioValidation.Check(candidate);
                fitting.Add(candidate);
            }
            catch (SimulationInputException exception)
            {
                first ??= exception;
            }
        }

        return fitting.Count > 0
            ? fitting
            : throw first ?? new SimulationInputException("maxDevices", $"No deployment takes {mostDevices} devices or fewer.", "Allow more devices.");
    }

    // Doubles the replicas until the promise is kept, then halves the distance.
    private static PlanOption Fewest(Scenario candidate, ServiceObjective objective, int mostDevices, ref int tried, CancellationToken cancellationToken)
    {
        var most = mostDevices / candidate.Deployment.Devices;
        var fails = 0;
        var keeps = 1;
        PlanOption option;
        while (true)
        {
            Interlocked.Increment(ref tried);
            option = Try(candidate with { Replicas = keeps }, objective, cancellationToken);
            if (option.Met || keeps == most)
            {
                break;
            }

            fails = keeps;
            keeps = Math.Min(most, keeps * 2);
        }

        while (option.Met && keeps - fails > 1)
        {
            var middle = fails + ((keeps - fails) / 2);
            Interlocked.Increment(ref tried);
            var between = Try(candidate with { Replicas = middle }, objective, cancellationToken);
            if (between.Met)
            {
                keeps = middle;
                option = between;
            }
            else
            {
                fails = middle;
            }
        }

        return option;
    }

    private static PlanOption Try(Scenario scenario, ServiceObjective objective, CancellationToken cancellationToken)
    {
        var outcome = Simulator.RunDetailed(scenario, cancellationToken: cancellationToken);
        var result = outcome.Summarize();
        var share = objective.ShareKept(outcome);
        return new PlanOption(scenario, result, CostModel.Of(scenario, result), share, share >= objective.Share, objective.Binding(outcome, result));
    }

    private static PlanOption[] Front(PlanOption[] options)
    {
        var priced = options.Where(option => option.Cost.PerHour is not null).ToArray();
        // Of those that a load can't tell apart, such as two schedulers that it never fills, the first stands for all.
        return [.. priced.Where(option => !priced.Any(other => Beats(other, option)))
            .DistinctBy(option => (option.Scenario.Deployment.Accelerator.Name, option.Cost.PerHour, option.Result.EndToEnd.Mean, option.ShareKept))
            .OrderBy(option => option.Cost.PerHour)];
    }

    private static bool Beats(PlanOption a, PlanOption b)
    {
        var cheaper = a.Cost.PerHour <= b.Cost.PerHour;
        var faster = a.Result.EndToEnd.Mean <= b.Result.EndToEnd.Mean;
        var kept = a.ShareKept >= b.ShareKept;
        return cheaper && faster && kept
            && (a.Cost.PerHour < b.Cost.PerHour || a.Result.EndToEnd.Mean < b.Result.EndToEnd.Mean || a.ShareKept > b.ShareKept);
    }
}
