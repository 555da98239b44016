using System.Globalization;
using System.Text.Json;
using AgentOps.Cli.Hosting;
using AgentOps.Engine.Catalog;
using AgentOps.Engine.Catalog.Calibration;
using AgentOps.Protocol;
using AgentOps.Protocol.Simulation;
using AgentOps.Simulation.Calibration;

namespace AgentOps.Cli.Simulation;

/// <summary><c>agentops simulate --validate FILE</c>: simulates measured runs and says how far off it is.</summary>
internal static class ValidateAction
{
    private const int Seeds = 5;

    public static int Run(CommandContext context, string path, string? catalog, CancellationToken cancellationToken)
    {
        var runs = MeasuredRunFile.Read(path, ModelCatalog.Load(catalog), AcceleratorCatalog.Load(catalog));
        var coefficients = LatencyCatalog.Load(catalog);
        var predictions = new List<RunPrediction>(runs.Count);
        var rows = new List<ValidationRow>(runs.Count);
        foreach (var run in runs)
        {
            var prediction = new RunSimulation(run, Seeds).Predict(coefficients, cancellationToken);
            predictions.Add(prediction);
            rows.Add(Row(run, prediction));
            context.Lines?.Write(rows[^1], SimulationJson.Default.ValidationRow);
            context.Progress("Simulating measured runs", rows.Count, runs.Count);
        }

        var summary = new ValidationSummary { Runs = runs.Count, Metrics = Errors(runs, predictions) };
        switch (context.Format)
        {
            case OutputFormat.Jsonl:
                context.Lines!.Write(summary, SimulationJson.Default.ValidationSummary);
                break;
            case OutputFormat.Json:
                context.Out.WriteLine(JsonSerializer.Serialize(new ValidationReport(rows, summary), SimulationJson.Default.ValidationReport));
                break;
            case OutputFormat.Csv:
                WriteCsv(context.Out, rows);
                break;
            default:
                WriteTable(context.Out, rows, summary);
                break;
        }

        return ExitCode.Done;
    }

    /// <summary>Errors by the metrics' names.</summary>
    public static Dictionary<string, ErrorReport> Errors(IReadOnlyList<MeasuredRun> runs, IReadOnlyList<RunPrediction> predictions) =>
        RunScore.Of(runs, predictions).ToDictionary(
            score => Name(score.Metric),
            score => new ErrorReport(score.Runs, score.Mean, score.Median));

    /// <summary>Writes mean and median errors a metric.</summary>
    public static void WriteErrors(TextWriter writer, IReadOnlyDictionary<string, ErrorReport> errors)
    {
        var table = new TextTable("metric", "runs", "mean error, %", "median error, %");
        foreach (var (name, error) in errors)
        {
            table.Add(name, error.Runs.ToString(CultureInfo.InvariantCulture), Percent(error.MeanPercent), Percent(error.MedianPercent));
        }

        table.WriteTo(writer);
    }

    private static ValidationRow Row(MeasuredRun run, RunPrediction prediction)
    {
        Dictionary<string, double> Figures(Func<Metric, double> figure) => MeasuredRunFile.Metrics
            .Where(metric => run.Measured.ContainsKey(metric.Value))
            .ToDictionary(metric => metric.Key, metric => figure(metric.Value));

        return new ValidationRow
        {
            Id = run.Id,
            Model = run.Deployment.Model.Name,
            Accelerator = run.Deployment.Accelerator.Name,
            TensorParallel = run.Deployment.TensorParallel,
            Measured = Figures(metric => run.Measured[metric]),
            Simulated = Figures(metric => prediction.Whole[metric]),
            ErrorPercent = Figures(metric => RunScore.Error(prediction.Whole[metric], run.Measured[metric])),
            Lowest = Figures(metric => prediction.Lowest[metric]),
            Highest = Figures(metric => prediction.Highest[metric]),
            Saturated = prediction.Saturated,
            PrefixHitRate = prediction.PrefixHitRate,
        };
    }

    private static string Name(Metric metric) => MeasuredRunFile.Metrics.First(known => known.Value == metric).Key;

    private static void WriteTable(TextWriter writer, List<ValidationRow> rows, ValidationSummary summary)
    {
        writer.WriteLine("Error of each run in percent, above 0 where the simulation is too slow");
        writer.WriteLine();
        var table = new TextTable(["run", "model", "on", .. MeasuredRunFile.Metrics.Keys, "saturated"]);
        foreach (var row in rows)
        {
            table.Add([row.Id, row.Model, string.Create(CultureInfo.InvariantCulture, $"{row.TensorParallel} x {row.Accelerator}"),
                .. MeasuredRunFile.Metrics.Keys.Select(name => row.ErrorPercent.TryGetValue(name, out var error) ? error.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) : "-"),
                row.Saturated ? "yes" : ""]);
        }

        table.WriteTo(writer);
        writer.WriteLine();
        WriteErrors(writer, summary.Metrics);
    }

    private static void WriteCsv(TextWriter writer, List<ValidationRow> rows)
    {
        writer.WriteLine("id,model,accelerator,tensor_parallel,metric,measured_ms,simulated_ms,error_percent,saturated");
        foreach (var row in rows)
        {
            foreach (var (name, measured) in row.Measured)
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Id},{row.Model},{row.Accelerator},{row.TensorParallel},{name},{measured},{row.Simulated[name]},{row.ErrorPercent[name]},{(row.Saturated ? 1 : 0)}"));
            }
        }
    }

    private static string Percent(double value) => value.ToString("F1", CultureInfo.InvariantCulture);
}
