using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AgentOps.Cli.Hosting;
using AgentOps.Engine.Catalog;
using AgentOps.Protocol;
using AgentOps.Protocol.Simulation;
using AgentOps.Simulation;

namespace AgentOps.Cli.Simulation;

/// <summary><c>agentops simulate</c>: a load on one or several deployments.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var command = new Command("simulate", "Simulates a load on accelerators: latency, throughput, cost and energy, without one.");
        var hosting = new HostingOptions(command);
        var options = new SimulateOptions(command);
        command.SetAction((parsed, cancellationToken) => Task.FromResult(CommandHost.Run(
            parsed,
            hosting,
            (context, token) => parsed.GetValue(options.Validate) is { } measured
                ? ValidateAction.Run(context, measured, parsed.GetValue(options.Catalog), token)
                : parsed.GetValue(options.Calibrate) is { } site
                    ? CalibrateAction.Run(context, site, parsed.GetValue(options.Catalog), parsed.GetValue(options.Destination), token)
                    : Simulate(context, options.Read(parsed), parsed.GetValue(options.Catalog), token),
            cancellationToken)));
        return command;
    }

    /// <summary>Simulates a request and writes the answer in the context's format.</summary>
    internal static int Simulate(CommandContext context, SimulationRequest request, string? catalog, CancellationToken cancellationToken)
    {
        var builder = new ScenarioBuilder(ModelCatalog.Load(catalog), AcceleratorCatalog.Load(catalog), LatencyCatalog.Load(catalog));
        var load = ScenarioBuilder.Load(request, cancellationToken);
        var scenarios = request.Accelerators.Select(accelerator => builder.Build(request, accelerator, load)).ToArray();
        foreach (var scenario in scenarios)
        {
            ScenarioValidation.Check(scenario);
        }

        var reports = new List<SimulationReport>(scenarios.Length);
        foreach (var scenario in scenarios)
        {
            var progress = context.Lines is null ? null : new ProgressReporter(context, scenario, load.Count);
            var outcome = Simulator.RunDetailed(scenario, progress, cancellationToken);
            var report = ReportBuilder.Build(request, scenario, outcome);
            context.Lines?.Write(report, SimulationJson.Default.SimulationReport);
            reports.Add(report);
        }

        switch (context.Format)
        {
            case OutputFormat.Table:
                SimulationTable.Write(context.Out, reports);
                break;
            case OutputFormat.Json:
                context.Out.WriteLine(JsonSerializer.Serialize(reports, SimulationJson.Default.IReadOnlyListSimulationReport));
                break;
            case OutputFormat.Csv:
                SimulationCsv.Write(context.Out, reports);
                break;
        }

        return reports.Any(report => report.ObjectiveMet == false) ? ExitCode.No : ExitCode.Done;
    }

    private sealed class ProgressReporter(CommandContext context, Scenario scenario, int total) : IProgress<int>
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private long _last;

        public void Report(int value)
        {
            // A few lines a second are enough for a person.
            if (value < total && _watch.ElapsedMilliseconds - _last < 200)
            {
                return;
            }

            _last = _watch.ElapsedMilliseconds;
            var left = value > 0 ? _watch.Elapsed.TotalSeconds * (total - value) / value : (double?)null;
            context.Progress($"Simulating {scenario.Deployment.Model.Name} on {scenario.Deployment.Accelerator.Name}", value, total, left is null ? null : Math.Round(left.Value, 1));
        }
    }
}
