using AgentOps.Simulation.Latency;
using AgentOps.Simulation.Numerics;

namespace AgentOps.Simulation.Calibration;

/// <summary>
/// Fits the coefficients to measured runs: a robust loss on the logarithm of simulated over measured, with a ridge that
/// pulls each coefficient's logarithm to its prior.
/// </summary>
public static class CoefficientFit
{
    private const double HuberWidth = 0.1;

    // 2.385 robust standard deviations of what is left, whose median is 2.1 %: then the fit is 95 % as efficient as least squares where
    // errors are normal (P. W. Holland, R. E. Welsch: Robust regression using iteratively reweighted least-squares, 1977).
    private const double CauchyWidth = 0.075;

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

        double[] Residuals(double[] point, Func<double, double> loss)
        {
            var coefficients = At(point);
            var parts = new double[runs.Count][];
            Parallel.For(0, runs.Count, new ParallelOptions { CancellationToken = cancellationToken }, index =>
                parts[index] = Differences(runs[index], simulations[index].Predict(coefficients, cancellationToken), loss));
            return [.. parts.SelectMany(part => part), .. point.Select((value, i) => value / parameters[i].Deviation * 0.03)];
        }

        double[] Minimize(double[] from, Func<double, double> loss) => LeastSquares.Minimize(point => Residuals(point, loss), from, iterations, cancellationToken).Point;

        // Cauchy's loss lets go of what misses by far more than the others, and so by a cause that no coefficient stands for. Where the prior
        // is so far off that it would let go of most, Huber's, which lets go of nothing, leads to the neighbourhood first.
        var start = new double[parameters.Count];
        var scores = RunScore.Of(runs, [.. simulations.Select(simulation => simulation.Predict(prior, cancellationToken))]);
        var from = scores.Average(score => score.Median) > 100 * CauchyWidth ? Minimize(start, Huber) : start;
        return At(Minimize(from, Cauchy));
    }

    // The square of what these give is the loss of a difference.
    private static double Huber(double difference) => Math.Abs(difference) <= HuberWidth
        ? difference
        : Math.Sign(difference) * Math.Sqrt(HuberWidth * ((2 * Math.Abs(difference)) - HuberWidth));

    private static double Cauchy(double difference) =>
        Math.Sign(difference) * CauchyWidth * Math.Sqrt(PortableMath.Log(1 + (difference / CauchyWidth * (difference / CauchyWidth))));

    private static bool DiffersByKind(MeasuredRun run) => run.Deployment.Model.Experts is not null || run.Deployment.Weights != Models.Precision.Half;

    private static double[] Differences(MeasuredRun run, RunPrediction prediction, Func<double, double> loss)
    {
        var differences = new List<double>();
        var stages = run.Stages.Count > 0 ? run.Stages : [run.Measured];
        var simulated = run.Stages.Count > 0 ? prediction.Stages : [prediction.Whole];
        for (var stage = 0; stage < stages.Count; stage++)
        {
            var share = run.Weight / Math.Sqrt(stages.Count);
            Add(differences, stages[stage], simulated[stage], Metric.EndToEndMean, share, loss);
            Add(differences, stages[stage], simulated[stage], Metric.InterTokenMean, (stages[stage].ContainsKey(Metric.EndToEndMean) ? 0.5 : 1.2) * share, loss);
            Add(differences, stages[stage], simulated[stage], Metric.FirstTokenMean, 0.8 * share, loss);
            Add(differences, stages[stage], simulated[stage], Metric.FirstTokenP90, 0.2 * share, loss);
        }

        Add(differences, run.Measured, prediction.Whole, Metric.FirstTokenP99, 0.2 * run.Weight, loss);
        Add(differences, run.Measured, prediction.Whole, Metric.EndToEndP99, 0.3 * run.Weight, loss);
        return [.. differences];
    }

    private static void Add(List<double> differences, IReadOnlyDictionary<Metric, double> measured, IReadOnlyDictionary<Metric, double> simulated, Metric metric, double weight, Func<double, double> loss)
    {
        if (!measured.TryGetValue(metric, out var value))
        {
            return;
        }

        differences.Add(weight * loss(PortableMath.Log(Math.Max(1e-9, simulated[metric]) / value)));
    }
}
