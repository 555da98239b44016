using System.Globalization;
using AgentOps.Engine.Catalog;
using AgentOps.Simulation.Calibration;
using AgentOps.Simulation.Models;
using AgentOps.Simulation.Serving;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Benchmarks.Areas;

/// <summary>
/// Published means of closed-loop runs (ai-dynamo/aiconfigurator, Apache-2.0).
/// Assumed of how they were driven: ten requests a user, lengths uniform over 80 to 100 % of the nominal, greedy, nothing shared.
/// </summary>
internal static class ClosedLoopPoints
{
    /// <summary>Every distinct point as a measured run.</summary>
    public static IReadOnlyList<MeasuredRun> Read(string path)
    {
        var models = ModelCatalog.Load();
        var accelerators = AcceleratorCatalog.Load();
        return [.. File.ReadLines(path).Skip(1).Distinct().Select(line => Run(line, models, accelerators))];
    }

    /// <summary>
    /// The few to fit on: of each model, accelerator and precision, spread over its small and medium points. They tell how experts
    /// and narrow weights differ, and count little beside the calibration runs.
    /// </summary>
    public static IReadOnlyList<MeasuredRun> ToFitOn(IReadOnlyList<MeasuredRun> points) =>
    [
        .. points
            .Where(point => point.Concurrency is 4 or 16 or 64 && point.Workload.Output.Maximum == 1024 && HasRoom(point))
            .GroupBy(point => (point.Deployment.Model.Name, Accelerator: point.Deployment.Accelerator.Name, point.Deployment.Weights))
            .SelectMany(group => Spread([.. group], 4))
            .Select(point => point with { Weight = 0.3 }),
    ];

    // Where the KV cache is short as we count it, the point tells of memory and not of kernels.
    private static bool HasRoom(MeasuredRun point) =>
        point.Deployment.KeyValueBlocks(point.Scheduler.BlockSize, point.Scheduler.MaximumStepTokens) * point.Scheduler.BlockSize
            > 1.2 * point.Concurrency * (point.Workload.Prompt.Maximum + point.Workload.Output.Maximum);

    private static IEnumerable<MeasuredRun> Spread(MeasuredRun[] group, int most)
    {
        for (var i = 0; i < Math.Min(most, group.Length); i++)
        {
            yield return group[i * group.Length / Math.Min(most, group.Length)];
        }
    }

    private static MeasuredRun Run(string line, ModelCatalog models, AcceleratorCatalog accelerators)
    {
        var row = line.Split(',');
        var concurrency = Whole(row[0]);
        var model = models.Find(row[3]);
        return new MeasuredRun
        {
            Id = line,
            Deployment = new Deployment
            {
                Model = model,
                Accelerator = accelerators.Find(row[4]),
                TensorParallel = Whole(row[11]),
                PipelineParallel = Whole(row[12]),
                DataParallel = row[13].Length > 0 ? Whole(row[13]) : 1,
                ExpertParallel = Whole(row[15]) > 1,
                WeightPrecision = row[5] switch
                {
                    "fp8" => Precision.Float8,
                    "fp4" when model.ExpertPrecision is null => Precision.Float4,
                    _ => null,
                },
                NucleusSampling = false,
            },
            Scheduler = new SchedulerOptions { MaximumSequences = 1024 },
            Workload = new WorkloadOptions
            {
                Stages = [new LoadStage(TimeSpan.Zero, 1)],
                Requests = 10 * concurrency,
                Prompt = Length(Whole(row[6])),
                Output = Length(Whole(row[7])),
            },
            Concurrency = concurrency,
            Measured = new Dictionary<Metric, double>
            {
                [Metric.FirstTokenMean] = Number(row[16]),
                [Metric.InterTokenMean] = Number(row[17]),
            },
        };
    }

    private static LengthDistribution Length(int nominal) =>
        new() { Kind = LengthKind.Uniform, Mean = 0.9 * nominal, Deviation = 0.1 * nominal, Maximum = nominal };

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
