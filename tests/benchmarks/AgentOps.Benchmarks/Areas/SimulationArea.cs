using System.Diagnostics;
using System.Globalization;
using AgentOps.Engine.Catalog;
using AgentOps.Engine.Catalog.Calibration;
using AgentOps.Simulation;
using AgentOps.Simulation.Calibration;
using AgentOps.Simulation.Latency;

namespace AgentOps.Benchmarks.Areas;

/// <summary>Speed and memory of whole helper processes, and accuracy on measured runs that were left out of the fit.</summary>
internal sealed class SimulationArea : IBenchmarkArea
{
    public string Name => "simulation";

    public IEnumerable<Figure> Run(BenchmarkContext context)
    {
        if (context.HelperPath is { } helper)
        {
            foreach (var (name, requests, repeats) in new[] { ("10k", 10_000, 9), ("100k", 100_000, 5), ("1m", 1_000_000, 3) })
            {
                var (seconds, megabytes) = Measure(helper, requests, repeats);
                yield return new Figure($"simulation.{name}.seconds", seconds, "s, whole process");
                yield return new Figure($"simulation.{name}.memory", megabytes, "MB");
            }
        }
        else
        {
            BenchmarkContext.Say("simulation: speed left out, AGENTOPS_HELPER names no published helper.");
        }

        if (context.DataPath is null)
        {
            BenchmarkContext.Say("simulation: accuracy left out, AGENTOPS_DATA names no folder of measured runs.");
            yield break;
        }

        var runs = MeasuredRunFile.Read(Path.Combine(context.DataPath, "serving", "calibration.json"), ModelCatalog.Load(), AcceleratorCatalog.Load());
        var points = ClosedLoopPoints.Read(Path.Combine(context.DataPath, "serving", "closed-loop-points.csv"));
        var predictions = CrossValidation.LeaveOneFamilyOut(runs, ClosedLoopPoints.ToFitOn(points), new LatencyCoefficients(), seeds: 3);
        Tell(runs, predictions);
        foreach (var score in RunScore.Of(runs, predictions))
        {
            var name = score.Metric switch
            {
                Metric.EndToEndMean => "e2e",
                Metric.EndToEndP90 => "e2e_p90",
                Metric.EndToEndP99 => "e2e_p99",
                Metric.InterTokenMean => "itl",
                Metric.FirstTokenMean => "ttft",
                Metric.FirstTokenP90 => "ttft_p90",
                _ => "ttft_p99",
            };
            yield return new Figure($"simulation.lofo.{name}.median", score.Median, "% APE, leave one family out");
            yield return new Figure($"simulation.lofo.{name}.mean", score.Mean, "% APE, leave one family out");
        }

        foreach (var figure in ClosedLoop(runs, points))
        {
            yield return figure;
        }
    }

    // Each model left out of the fit in turn.
    private static IEnumerable<Figure> ClosedLoop(IReadOnlyList<MeasuredRun> runs, IReadOnlyList<MeasuredRun> points)
    {
        var few = ClosedLoopPoints.ToFitOn(points);
        var perToken = new List<double>();
        var firstToken = new List<double>();
        foreach (var model in points.GroupBy(point => point.Deployment.Model.Name))
        {
            var family = model.First().Deployment.Model.Family;
            var fitted = CoefficientFit.FitInTwo([.. runs.Where(run => run.Deployment.Model.Family != family)], [.. few.Where(run => run.Deployment.Model.Family != family)], new LatencyCoefficients());
            foreach (var device in model.GroupBy(point => point.Deployment.Accelerator.Name))
            {
                var group = device.ToArray();
                var errors = new (double First, double Each)?[group.Length];
                Parallel.For(0, group.Length, index => errors[index] = Errors(group[index], fitted));
                var known = errors.OfType<(double First, double Each)>().ToArray();
                perToken.AddRange(known.Select(error => Math.Abs(error.Each)));
                firstToken.AddRange(known.Select(error => Math.Abs(error.First)));
                BenchmarkContext.Say(string.Create(CultureInfo.InvariantCulture,
                    $"closed loop, left out: {model.Key,-14} {device.Key,-5} {known.Length,4} points, TPOT {Median(known.Select(error => Math.Abs(error.Each))):0.0} % (signed {Median(known.Select(error => error.Each)):+0.0;-0.0;0.0}), TTFT {Median(known.Select(error => Math.Abs(error.First))):0.0} % (signed {Median(known.Select(error => error.First)):+0.0;-0.0;0.0})"));
            }
        }

        yield return new Figure("simulation.closed_loop.tpot.median", Median(perToken), "% APE, each model left out");
        yield return new Figure("simulation.closed_loop.ttft.median", Median(firstToken), "% APE, each model left out");
    }

    private static (double First, double Each)? Errors(MeasuredRun point, LatencyCoefficients coefficients)
    {
        try
        {
            var prediction = new RunSimulation(point, 1).Predict(coefficients);
            return (RunScore.Error(prediction.Whole[Metric.FirstTokenMean], point.Measured[Metric.FirstTokenMean]),
                RunScore.Error(prediction.Whole[Metric.InterTokenMean], point.Measured[Metric.InterTokenMean]));
        }
        catch (SimulationInputException)
        {
            // Published, and yet it does not fit as we count memory: no figure to compare.
            return null;
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static void Tell(IReadOnlyList<MeasuredRun> runs, IReadOnlyList<RunPrediction> predictions)
    {
        for (var i = 0; i < runs.Count; i++)
        {
            var run = runs[i];
            BenchmarkContext.Say($"{run.Deployment.Model.Name,-18} {run.Deployment.Accelerator.Name} tp{run.Deployment.TensorParallel} "
                + string.Join(' ', run.Measured.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key} {RunScore.Error(predictions[i].Whole[figure.Key], figure.Value):+0.0;-0.0;0.0}"))));
        }
    }

    private static (double Seconds, double Megabytes) Measure(string helper, int requests, int repeats)
    {
        var seconds = new List<double>();
        double peak = 0;
        for (var i = 0; i < repeats; i++)
        {
            var start = new ProcessStartInfo(helper) { RedirectStandardOutput = true };
            foreach (var argument in new[] { "simulate", "--model", "llama-3.1-8b", "--accelerator", "h100", "--rate", "10", "--prompt", "512", "--output", "256~128", "--requests", requests.ToString(CultureInfo.InvariantCulture) })
            {
                start.ArgumentList.Add(argument);
            }

            var watch = Stopwatch.StartNew();
            using var process = Process.Start(start)!;
            var reading = process.StandardOutput.ReadToEndAsync();
            while (!process.WaitForExit(2))
            {
                try
                {
                    process.Refresh();
                    peak = Math.Max(peak, process.PeakWorkingSet64);
                }
                catch (InvalidOperationException)
                {
                    // It ended between the wait and the look.
                }
            }

            seconds.Add(watch.Elapsed.TotalSeconds);
            reading.Wait();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"The helper ended with {process.ExitCode}.");
            }
        }

        seconds.Sort();
        return (seconds[repeats / 2], peak / 1e6);
    }
}
