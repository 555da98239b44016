using System.Globalization;
using AgentOps.Engine.Catalog;
using AgentOps.Engine.Catalog.Calibration;
using AgentOps.Simulation.Calibration;
using AgentOps.Simulation.Latency;

namespace AgentOps.Benchmarks.Areas;

/// <summary>Fits the step-latency coefficients on the calibration runs and prints them, with the error of each run.</summary>
internal static class LatencyFit
{
    public static int Run(string data)
    {
        var runs = MeasuredRunFile.Read(Path.Combine(data, "serving", "calibration.json"), ModelCatalog.Load(), AcceleratorCatalog.Load());
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Report(runs, new LatencyCoefficients());
        Console.WriteLine($"one pass {watch.Elapsed.TotalSeconds:0.0} s");
        var points = ClosedLoopPoints.ToFitOn(ClosedLoopPoints.Read(Path.Combine(data, "serving", "closed-loop-points.csv")));
        var fitted = CoefficientFit.FitInTwo(runs, points, new LatencyCoefficients());
        Report(runs, fitted);
        foreach (var point in points)
        {
            var prediction = new RunSimulation(point, 1).Predict(fitted);
            Console.WriteLine($"{point.Deployment.Model.Name,-14} {point.Deployment.Accelerator.Name,-5} {point.Deployment.Weights,-7} tp{point.Deployment.TensorParallel} dp{point.Deployment.DataParallel} c{point.Concurrency,-3} TTFT{Error(prediction.Whole, point.Measured, Metric.FirstTokenMean)} TPOT{Error(prediction.Whole, point.Measured, Metric.InterTokenMean)}");
        }

        foreach (var parameter in FitParameter.All)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{parameter.Name}: {parameter.Get(fitted):G5}"));
        }

        Console.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s");
        return 0;
    }

    private static void Report(IReadOnlyList<MeasuredRun> runs, LatencyCoefficients coefficients)
    {
        var all = Enum.GetValues<Metric>().ToDictionary(metric => metric, _ => new List<double>());
        foreach (var run in runs)
        {
            var prediction = new RunSimulation(run, 1).Predict(coefficients);
            var line = $"{run.Deployment.Model.Name,-18} tp{run.Deployment.TensorParallel} {run.Workload.Prefixes!.QuestionTokens,5} {run.Workload.Stages[^1].Rate,4} hit {prediction.PrefixHitRate:0.00} {(prediction.Saturated ? "S" : " ")}";
            for (var stage = 0; stage < run.Stages.Count; stage++)
            {
                line += " |";
                foreach (var metric in new[] { Metric.EndToEndMean, Metric.InterTokenMean, Metric.FirstTokenMean })
                {
                    line += Error(prediction.Stages[stage], run.Stages[stage], metric);
                }
            }

            line += string.Create(CultureInfo.InvariantCulture, $" || ttft {prediction.Whole[Metric.FirstTokenMean]:0.0} {run.Measured[Metric.FirstTokenMean]:0.0} itl {prediction.Whole[Metric.InterTokenMean]:0.0} {run.Measured[Metric.InterTokenMean]:0.0} host {prediction.HostHitRate:0.00} ||");
            foreach (var metric in Enum.GetValues<Metric>())
            {
                line += Error(prediction.Whole, run.Measured, metric);
                all[metric].Add(Math.Abs((prediction.Whole[metric] / run.Measured[metric]) - 1));
            }

            Console.WriteLine(line);
        }

        foreach (var (metric, errors) in all)
        {
            errors.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{metric,-16} mean {100 * errors.Average():0.0} median {100 * errors[errors.Count / 2]:0.0}"));
        }
    }

    private static string Error(IReadOnlyDictionary<Metric, double> simulated, IReadOnlyDictionary<Metric, double> measured, Metric metric) =>
        string.Create(CultureInfo.InvariantCulture, $" {100 * ((simulated[metric] / measured[metric]) - 1),6:0.0}");
}
