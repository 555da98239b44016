using System.Management.Automation;
using System.Threading.Channels;
using AgentOps.Completion;
using AgentOps.Engine.Benchmarks.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Measures how well, how safely and how dearly an agent does the tasks of a suite.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "AgentOpsAgent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Output.AgentBenchmark))]
public sealed class MeasureAgentOpsAgentCommand : WorkspaceCmdlet
{
    /// <summary>The suites: names of shipped ones, or files.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SuiteNameCompleter))]
    public string[] Suite { get; set; } = ["marketplace"];

    /// <summary>An agent of the workspace whose instructions, limits and models are measured.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string? Agent { get; set; }

    /// <summary>How many tasks are made from the seed.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int Count { get; set; }

    /// <summary>Trials of each task.</summary>
    [Parameter]
    [ValidateRange(1, 1_000)]
    public int Repeat { get; set; } = 1;

    /// <summary>The seed of tasks and of the simulated model's failures.</summary>
    [Parameter]
    public long Seed { get; set; } = 1;

    /// <summary>Sessions at once.</summary>
    [Parameter]
    [ValidateRange(1, 1_000)]
    public int ThrottleLimit { get; set; } = 16;

    /// <summary>How often the simulated model acts on an amount or a name that no tool gave, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double HallucinationRate { get; set; }

    /// <summary>How often it gives away more than it may, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double OverspendRate { get; set; }

    /// <summary>How often it obeys an instruction in a tool's output, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double ObeyedInjectionRate { get; set; }

    /// <summary>How often it writes arguments that are no JSON, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double MalformedRate { get; set; }

    /// <summary>How often it repeats its last calls instead of going on, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double LoopRate { get; set; }

    /// <summary>Runs the control: the same without permissions and constraints.</summary>
    [Parameter]
    public SwitchParameter Ungoverned { get; set; }

    /// <summary>Proves of every call with an effect that the ledger holds its intent.</summary>
    [Parameter]
    public SwitchParameter Prove { get; set; }

    /// <summary>A file for the raw samples, as JSON lines.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (var suite in Suite)
        {
            await ForItemAsync(suite, () => MeasureAsync(suite, cancellationToken));
        }
    }

    private async Task MeasureAsync(string name, CancellationToken cancellationToken)
    {
        var suite = await AgentSuites.LoadAsync(
            AgentSuites.Names.Contains(name, StringComparer.OrdinalIgnoreCase) ? name : await ResolveLiteralPathAsync(name), cancellationToken);
        var measured = Agent is null ? null : await FindAsync(Agent, cancellationToken);
        var benchmark = new AgentBenchmark(new AgentBenchmarkOptions
        {
            Suite = suite,
            Count = MyInvocation.BoundParameters.ContainsKey(nameof(Count)) ? Count : null,
            Repeat = Repeat,
            Seed = Seed,
            ThrottleLimit = ThrottleLimit,
            Rates = new FailureRates
            {
                Hallucination = HallucinationRate,
                Overspend = OverspendRate,
                ObeyedInjection = ObeyedInjectionRate,
                Malformed = MalformedRate,
                Loop = LoopRate,
            },
            IsGoverned = !Ungoverned,
            Agent = measured,
            IsProved = Prove,
        });
        var file = OutFile is null ? null : await ResolveLiteralPathAsync(OutFile);
        if (file is not null && !Force && File.Exists(file))
        {
            throw new AgentOpsException(ErrorCodes.BenchmarkSamplesInvalid, $"There is a file '{OutFile}' already.", OutFile, "Replace it by -Force, or give another name.");
        }

        if (await ConfirmAsync(suite.Suite.Name, FormattableString.Invariant($"Run {benchmark.Trials} trials{(measured is null ? "" : $" with the models of '{measured.Agent.Name}'")}")))
        {
            await RunAsync(benchmark, suite.Suite.Name, measured?.Agent.Name, file, cancellationToken);
        }
    }

    private async Task RunAsync(AgentBenchmark benchmark, string suite, string? agent, string? file, CancellationToken cancellationToken)
    {
        var progress = new TrialProgress(suite, benchmark.Trials, WriteProgressAsync);
        var samples = Channel.CreateUnbounded<TrialSample>(new UnboundedChannelOptions { SingleReader = true });
        try
        {
            var run = Task.Run(
                async () =>
                {
                    try
                    {
                        return await benchmark.RunAsync(sample => samples.Writer.TryWrite(sample), cancellationToken);
                    }
                    finally
                    {
                        samples.Writer.Complete();
                    }
                },
                cancellationToken);
            await foreach (var sample in samples.Reader.ReadAllAsync(cancellationToken))
            {
                await progress.AddAsync(sample);
            }

            var result = await run;
            if (file is not null)
            {
                await File.WriteAllLinesAsync(file, result.Samples.Select(sample => sample.ToJson().ToJsonString()), cancellationToken);
            }

            await WriteAsync(Output.AgentBenchmark.From(result, agent));
            if (result.Samples.FirstOrDefault(sample => sample.IsInfrastructureError) is { } broken)
            {
                await WriteWarningAsync(FormattableString.Invariant($"{suite}: {result.InfrastructureErrors.Count} of {result.InfrastructureErrors.Of} trials were spoiled; the first, {broken.Task}: {broken.Status}"));
            }
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                await progress.CompleteAsync();
            }
        }
    }

    private async Task<MeasuredAgent> FindAsync(string name, CancellationToken cancellationToken)
    {
        var state = await GetStateAsync(cancellationToken);
        if (!state.Agents.TryGetValue(name, out var agent))
        {
            throw new AgentOpsException(ErrorCodes.AgentNotFound, $"There is no agent '{name}'.", name);
        }

        if (!state.Routes.TryGetValue(agent.Definition.Route, out var route))
        {
            throw new AgentOpsException(ErrorCodes.RouteNotFound, $"There is no route '{agent.Definition.Route}'.", agent.Definition.Route);
        }

        return new MeasuredAgent(agent.Definition, route, [.. route.Targets.Select(target => target.Provider).Distinct(StringComparer.OrdinalIgnoreCase).Select(provider => state.Providers[provider])]);
    }
}
