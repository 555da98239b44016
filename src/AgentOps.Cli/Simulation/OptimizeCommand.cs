using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AgentOps.Cli.Hosting;
using AgentOps.Engine.Catalog;
using AgentOps.Protocol;
using AgentOps.Protocol.Simulation;
using AgentOps.Simulation;
using AgentOps.Simulation.Optimization;
using AgentOps.Simulation.Serving;

namespace AgentOps.Cli.Simulation;

/// <summary><c>agentops optimize</c>: the cheapest deployment that keeps a promise.</summary>
internal static class OptimizeCommand
{
    // What vLLM users tune: small steps for steady tokens, large ones for throughput.
    private static readonly (int Sequences, int StepTokens)[] Schedulers = [(256, 8192), (128, 2048), (512, 16384)];

    public static Command Create()
    {
        var command = new Command("optimize", "Finds the cheapest accelerators, parallelism and scheduler that keep a promise on latency.");
        var hosting = new HostingOptions(command);
        var options = new SimulateOptions(command, comparesAll: true);
        var devices = new Option<int?>("--max-devices") { Description = "The largest number of devices, 16 where left out." };
        command.Options.Add(devices);
        command.SetAction((parsed, cancellationToken) => Task.FromResult(CommandHost.Run(
            parsed,
            hosting,
            (context, token) => Optimize(context, options.Read(parsed), parsed.GetValue(options.Catalog), parsed.GetValue(devices) ?? 16, token),
            cancellationToken)));
        return command;
    }

    private static int Optimize(CommandContext context, SimulationRequest request, string? catalog, int mostDevices, CancellationToken cancellationToken)
    {
        var accelerators = AcceleratorCatalog.Load(catalog);
        var builder = new ScenarioBuilder(ModelCatalog.Load(catalog), accelerators, LatencyCatalog.Load(catalog));
        var load = ScenarioBuilder.Load(request, cancellationToken);
        var names = request.Accelerators.Count > 0
            ? request.Accelerators
            : [.. accelerators.Accelerators.Where(accelerator => accelerator.PricePerHour is not null).Select(accelerator => accelerator.Name)];
        var candidates = names.SelectMany(name => Candidates(builder, request, name, load)).ToArray();
        var objective = Objective.Of(request.Objective ?? throw new SimulationInputException("objective", "There is no promise to keep.", "Give --slo-ttft, --slo-tpot or --slo-e2e in milliseconds."));
        var progress = context.Lines is null ? null : new Reporter(context, candidates.Length);
        var plan = Optimizer.Search(candidates, objective, mostDevices, progress, cancellationToken);
        var report = Report(request, plan);
        switch (context.Format)
        {
            case OutputFormat.Jsonl:
                context.Lines!.Write(report, SimulationJson.Default.PlanReport);
                break;
            case OutputFormat.Json:
                context.Out.WriteLine(JsonSerializer.Serialize(report, SimulationJson.Default.PlanReport));
                break;
            default:
                PlanTable.Write(context.Out, report, context.Format == OutputFormat.Csv);
                break;
        }

        return report.Met ? ExitCode.Done : ExitCode.No;
    }

    private static IEnumerable<Scenario> Candidates(ScenarioBuilder builder, SimulationRequest request, string accelerator, AgentOps.Simulation.Workloads.RequestSet load)
    {
        var first = builder.Build(request with { TensorParallel = Math.Max(1, request.TensorParallel) }, accelerator, load);
        for (var tensor = 1; tensor <= first.Deployment.Accelerator.DevicesPerNode; tensor *= 2)
        {
            if ((request.TensorParallel > 0 && tensor != request.TensorParallel) || first.Deployment.Model.Heads % tensor != 0)
            {
                continue;
            }

            foreach (var (sequences, stepTokens) in Schedulers)
            {
                // What the request fixes stays fixed; the same settings are not tried twice.
                var scheduler = first.Scheduler with
                {
                    MaximumSequences = request.Scheduler.MaxNumSeqs ?? sequences,
                    MaximumStepTokens = request.Scheduler.MaxNumBatchedTokens ?? stepTokens,
                };
                yield return first with
                {
                    Deployment = first.Deployment with { TensorParallel = tensor },
                    Scheduler = scheduler,
                    Routing = request.Routing == "round-robin" ? RoutingPolicy.LeastLoaded : first.Routing,
                };
                if (request.Scheduler is { MaxNumSeqs: not null, MaxNumBatchedTokens: not null })
                {
                    break;
                }
            }
        }
    }

    private static PlanReport Report(SimulationRequest request, Plan plan) => new()
    {
        Met = plan.Best is not null,
        Model = plan.Options[0].Scenario.Deployment.Model.Name,
        Best = plan.Best is null ? null : Option(request, plan, plan.Best),
        OneMore = plan.OneMore is null ? null : Option(request, plan, plan.OneMore),
        Options = [.. plan.Options.Select(option => Option(request, plan, option))],
        Tried = plan.Tried,
    };

    private static OptionReport Option(SimulationRequest request, Plan plan, PlanOption option)
    {
        var cost = AgentOps.Simulation.Costs.CostModel.Of(option.Scenario, option.Result, request.PricePerHour);
        var deployment = option.Scenario.Deployment;
        return new OptionReport
        {
            Accelerator = deployment.Accelerator.Name,
            Devices = option.Devices,
            TensorParallel = deployment.TensorParallel,
            Replicas = option.Scenario.Replicas,
            Precision = deployment.Weights.Name(),
            MaxNumSeqs = option.Scenario.Scheduler.MaximumSequences,
            MaxNumBatchedTokens = option.Scenario.Scheduler.MaximumStepTokens,
            Met = option.Met,
            Share = option.ShareKept,
            Binding = option.Binding,
            Pareto = plan.ParetoFront.Contains(option),
            Ttft = ReportBuilder.Of(option.Result.TimeToFirstToken),
            Tpot = ReportBuilder.Of(option.Result.TimePerOutputToken),
            E2e = ReportBuilder.Of(option.Result.EndToEnd),
            Utilization = option.Result.Utilization,
            UsdPerHour = cost.PerHour,
            UsdPerMillionOutput = cost.Total is { } total && option.Result.OutputTokens > 0 ? total * 1_000_000m / option.Result.OutputTokens : null,
            WattHoursPerMillionTokens = cost.WattHoursPerMillionTokens,
        };
    }

    private sealed class Reporter(CommandContext context, int total) : IProgress<int>
    {
        public void Report(int value) => context.Progress(string.Create(CultureInfo.InvariantCulture, $"Trying {total} deployments"), value, total);
    }
}
