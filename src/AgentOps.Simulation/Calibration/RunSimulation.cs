using AgentOps.Simulation.Latency;
using AgentOps.Simulation.Results;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation.Calibration;

/// <summary>Simulates measured runs.</summary>
public sealed class RunSimulation
{
    private readonly MeasuredRun _run;
    private readonly RequestSet[] _loads;

    /// <summary>Draws the run's load once for each seed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="seeds">Arrival seeds; figures are means over them.</param>
    public RunSimulation(MeasuredRun run, int seeds)
    {
        _run = run;
        _loads = [.. Enumerable.Range(0, seeds).Select(seed => WorkloadGenerator.Generate(run.Workload with { Seed = 42 + (ulong)seed }))];
    }

    /// <summary>Simulates the run.</summary>
    /// <param name="coefficients">The step-latency model's numbers.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public RunPrediction Predict(LatencyCoefficients coefficients, CancellationToken cancellationToken = default)
    {
        var stages = Math.Max(1, _run.Workload.Stages.Count);
        var whole = new List<SimulationResult>();
        var parts = new List<SimulationResult>[stages];
        for (var stage = 0; stage < stages; stage++)
        {
            parts[stage] = [];
        }

        foreach (var load in _loads)
        {
            var outcome = Simulator.RunDetailed(
                new Scenario
                {
                    Deployment = _run.Deployment,
                    Scheduler = _run.Scheduler,
                    Requests = load,
                    Coefficients = coefficients,
                    Concurrency = _run.Concurrency,
                },
                cancellationToken: cancellationToken);
            var result = outcome.Summarize();
            whole.Add(result);
            for (var stage = 0; stage < stages; stage++)
            {
                parts[stage].Add(stages == 1 ? result : outcome.Summarize(stage));
            }
        }

        return new RunPrediction(Mean(whole), [.. parts.Select(Mean)], whole.Any(result => result.Saturated), whole.Average(result => result.PrefixHitRate), whole.Average(result => result.HostHitRate))
        {
            Lowest = Enum.GetValues<Metric>().ToDictionary(metric => metric, metric => whole.Min(result => Read(result, metric))),
            Highest = Enum.GetValues<Metric>().ToDictionary(metric => metric, metric => whole.Max(result => Read(result, metric))),
        };
    }

    private static Dictionary<Metric, double> Mean(List<SimulationResult> results) => Enum.GetValues<Metric>()
        .ToDictionary(metric => metric, metric => results.Average(result => Read(result, metric)));

    private static double Read(SimulationResult result, Metric metric) => metric switch
    {
        Metric.EndToEndMean => result.EndToEnd.Mean,
        Metric.EndToEndP90 => result.EndToEnd.P90,
        Metric.EndToEndP99 => result.EndToEnd.P99,
        Metric.InterTokenMean => result.TimePerOutputToken.Mean,
        Metric.FirstTokenMean => result.TimeToFirstToken.Mean,
        Metric.FirstTokenP90 => result.TimeToFirstToken.P90,
        _ => result.TimeToFirstToken.P99,
    };
}
