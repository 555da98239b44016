using System.Globalization;
using System.Text.Json;
using AgentOps.Cli.Hosting;
using AgentOps.Engine.Catalog;
using AgentOps.Engine.Catalog.Calibration;
using AgentOps.Protocol;
using AgentOps.Protocol.Simulation;
using AgentOps.Simulation.Calibration;
using AgentOps.Simulation.Latency;

namespace AgentOps.Cli.Simulation;

/// <summary><c>agentops simulate --calibrate FILE</c>: fits the coefficients to a site's own measurements.</summary>
internal static class CalibrateAction
{
    public static int Run(CommandContext context, string path, string? catalog, string? destination, CancellationToken cancellationToken)
    {
        var runs = MeasuredRunFile.Read(path, ModelCatalog.Load(catalog), AcceleratorCatalog.Load(catalog));
        var prior = LatencyCatalog.Load(catalog);
        context.Progress("Fitting", 0, 2);
        var fitted = CoefficientFit.Fit(runs, prior, FitParameter.All, cancellationToken: cancellationToken);
        context.Progress("Fitting", 1, 2);
        var before = Errors(runs, prior, cancellationToken);
        var after = Errors(runs, fitted, cancellationToken);
        context.Progress("Fitting", 2, 2);
        if (destination is not null)
        {
            using var file = new StreamWriter(destination);
            LatencyCatalog.Write(file, fitted, string.Create(CultureInfo.InvariantCulture, $"fitted on {runs.Count} runs of {Path.GetFileName(path)}"));
        }

        var report = new CalibrationReport(runs.Count, FitParameter.All.ToDictionary(parameter => parameter.Name, parameter => parameter.Get(fitted)), before, after, destination);
        switch (context.Format)
        {
            case OutputFormat.Jsonl:
                context.Lines!.Write(report, SimulationJson.Default.CalibrationReport);
                break;
            case OutputFormat.Json:
                context.Out.WriteLine(JsonSerializer.Serialize(report, SimulationJson.Default.CalibrationReport));
                break;
            default:
                context.Out.WriteLine("Before:");
                ValidateAction.WriteErrors(context.Out, before);
                context.Out.WriteLine();
                context.Out.WriteLine("After, on the same runs:");
                ValidateAction.WriteErrors(context.Out, after);
                if (destination is null)
                {
                    context.Out.WriteLine();
                    LatencyCatalog.Write(context.Out, fitted, Path.GetFileName(path));
                }

                break;
        }

        return ExitCode.Done;
    }

    private static Dictionary<string, ErrorReport> Errors(IReadOnlyList<MeasuredRun> runs, LatencyCoefficients coefficients, CancellationToken cancellationToken) =>
        ValidateAction.Errors(runs, [.. runs.Select(run => new RunSimulation(run, 3).Predict(coefficients, cancellationToken))]);
}
