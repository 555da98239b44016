using AgentOps.Simulation.Latency;
using AgentOps.Simulation.Numerics;

namespace AgentOps.Simulation.Calibration;

/// <summary>
/// Fits the coefficients to measured runs: least squares on the logarithm of simulated over measured, with a ridge that
/// pulls each coefficient's logarithm to its prior.
/// </summary>
public static class CoefficientFit
{
    /// <summary>
    /// Fits all coefficients to whole runs, where further points tell how experts and narrow weights differ: those move the priors of
    /// these few coefficients first, everything else held, and have no other say.
    /// </summary>
    /// <param name="runs">Whole runs.</param>
    /// <param name="points">The further points.</param>
    /// <param name="prior">The prior's centre.</param>
    /// <param name="cancellationToken">Stops the fit.</param>
    public static LatencyCoefficients FitInTwo(
        IReadOnlyList<MeasuredRun> runs,
        IReadOnlyList<MeasuredRun> points,
        LatencyCoefficients prior,
        CancellationToken cancellationToken = default)
    {
        var common = Fit([.. runs.Where(run => !DiffersByKind(run))], prior, [.. FitParameter.All.Where(parameter => !parameter.DiffersByKind)], cancellationToken: cancellationToken);
        return Fit([.. runs.Where(DiffersByKind), .. points], common, [.. FitParameter.All.Where(parameter => parameter.DiffersByKind)], cancellationToken: cancellationToken);
    }

    /// <summary>Fits.</summary>
    /// <param name="runs">What was measured.</param>
    /// <param name="prior">The prior's centre and the start.</param>
    /// <param name="parameters">The coefficients to fit.</param>
    /// <param name="iterations">The largest number of iterations.</param>
    /// <param name="cancellationToken">Stops the fit.</param>
    public static LatencyCoefficients Fit(
        IReadOnlyList<MeasuredRun> runs,
        LatencyCoefficients prior,
        IReadOnlyList<FitParameter> parameters,
        int iterations = 20,
        CancellationToken cancellationToken = default)
    {
        var simulations = runs.Select(run => new RunSimulation(run, 1)).ToArray();

        LatencyCoefficients At(double[] point)
        {
            var coefficients = prior;
            for (var i = 0; i < point.Length; i++)
            {
                var value = PortableMath.Exp(PortableMath.Log(parameters[i].Get(prior)) + point[i]);
                coefficients = parameters[i].Set(coefficients, Math.Min(value, parameters[i].Largest));
            }

            return coefficients;
        }

        double[] Residuals(double[] point)
        {
            var coefficients = At(point);
            var parts = new double[runs.Count][];
            Parallel.For(0, runs.Count, new ParallelOptions { CancellationToken = cancellationToken }, index =>
                parts[index] = Differences(runs[index], simulations[index].Predict(coefficients, cancellationToken)));
            return [.. parts.SelectMany(part => part), .. point.Select((value, i) => value / parameters[i].Deviation * 0.03)];
        }

        var (best, _) = LeastSquares.Minimize(Residuals, new double[parameters.Count], iterations, cancellationToken);
        return At(best);
    }

    private static bool DiffersByKind(MeasuredRun run) => run.Deployment.Model.Experts is not null || run.Deployment.Weights != Models.Precision.Half;

    private static double[] Differences(MeasuredRun run, RunPrediction prediction)
    {
        var differences = new List<double>();
        var stages = run.Stages.Count > 0 ? run.Stages : [run.Measured];
        var simulated = run.Stages.Count > 0 ? prediction.Stages : [prediction.Whole];
        for (var stage = 0; stage < stages.Count; stage++)
        {
            var share = run.Weight / Math.Sqrt(stages.Count);
            Add(differences, stages[stage], simulated[stage], Metric.EndToEndMean, share);
            Add(differences, stages[stage], simulated[stage], Metric.InterTokenMean, (stages[stage].ContainsKey(Metric.EndToEndMean) ? 0.5 : 1.2) * share);
            Add(differences, stages[stage], simulated[stage], Metric.FirstTokenMean, 0.8 * share);
            Add(differences, stages[stage], simulated[stage], Metric.FirstTokenP90, 0.2 * share);
        }

        Add(differences, run.Measured, prediction.Whole, Metric.FirstTokenP99, 0.2 * run.Weight);
        Add(differences, run.Measured, prediction.Whole, Metric.EndToEndP99, 0.3 * run.Weight);
        return [.. differences];
    }

    private static void Add(List<double> differences, IReadOnlyDictionary<Metric, double> measured, IReadOnlyDictionary<Metric, double> simulated, Metric metric, double weight)
    {
        if (!measured.TryGetValue(metric, out var value))
        {
            return;
        }

        // Huber's loss: beyond 10 % a miss counts linearly and not squared, so that no single figure rules the fit.
        var difference = PortableMath.Log(Math.Max(1e-9, simulated[metric]) / value);
        var size = Math.Abs(difference);
        differences.Add(weight * (size <= 0.1 ? difference : Math.Sign(difference) * Math.Sqrt((0.2 * size) - 0.01)));
    }
}
