using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;
using AgentOps.Protocol;
using AgentOps.Protocol.Simulation;

namespace AgentOps.Commands;

/// <summary>Simulates a load on accelerators, without one; runs in the native helper.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AgentOpsSimulation", DefaultParameterSetName = TraceSet)]
[OutputType(typeof(SimulationResult))]
public sealed class InvokeAgentOpsSimulationCommand : WorkspaceCmdlet
{
    private const string TraceSet = "Trace";
    private const string LoadSet = "Load";
    private const int ProgressId = 0x4147_0003;

    /// <summary>A trace file of real requests.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = TraceSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "Trace")]
    public string? LiteralPath { get; set; }

    /// <summary>Requests a second.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LoadSet)]
    [ValidateRange(0.000001, 1_000_000)]
    public double Rate { get; set; }

    /// <summary>How long the load lasts.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LoadSet)]
    public TimeSpan Duration { get; set; }

    /// <summary>Mean prompt length in tokens.</summary>
    [Parameter(ParameterSetName = LoadSet)]
    [ValidateRange(1, 10_000_000)]
    public int PromptTokens { get; set; } = 512;

    /// <summary>Mean answer length in tokens.</summary>
    [Parameter(ParameterSetName = LoadSet)]
    [ValidateRange(1, 10_000_000)]
    public int OutputTokens { get; set; } = 128;

    /// <summary>The model, a name of the catalog.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelNameCompleter))]
    public string Model { get; set; } = "llama-3.1-8b";

    /// <summary>The accelerators to compare, names of the catalog.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AcceleratorNameCompleter))]
    public string[] Accelerator { get; set; } = ["h100"];

    /// <summary>Replicas behind the router.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int Count { get; set; } = 1;

    /// <summary>Only the first so many requests.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; }

    /// <summary>Promise: the longest time to the first token.</summary>
    [Parameter]
    public TimeSpan SloTimeToFirstToken { get; set; }

    /// <summary>Promise: the longest mean time of a further token.</summary>
    [Parameter]
    public TimeSpan SloTimePerOutputToken { get; set; }

    /// <summary>Seed of arrivals and lengths.</summary>
    [Parameter]
    public ulong Seed { get; set; } = 42;

    /// <summary>Gives the state at this interval, as <c>Series</c>.</summary>
    [Parameter]
    public TimeSpan SampleInterval { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var arguments = await ArgumentsAsync();
        var progress = new ProgressRecord(ProgressId, "Simulation", "Starting");
        try
        {
            await HelperProcess.RunAsync(arguments, (type, line) => TellAsync(type, line, progress), cancellationToken);
        }
        finally
        {
            progress.RecordType = ProgressRecordType.Completed;
            if (!cancellationToken.IsCancellationRequested)
            {
                await WriteProgressAsync(progress);
            }
        }
    }

    private async Task TellAsync(string type, JsonElement line, ProgressRecord progress)
    {
        if (type == "result")
        {
            var report = line.Deserialize(SimulationJson.Default.SimulationReport)
                ?? throw new AgentOpsException(ErrorCodes.HelperUnavailable, "The helper gave an empty result.");
            await WriteAsync(SimulationResult.From(report));
        }
        else if (type == "progress" && line.Deserialize(ProtocolJson.Default.ProgressLine) is { } step)
        {
            progress.Activity = step.Activity;
            progress.StatusDescription = string.Create(CultureInfo.InvariantCulture, $"{step.Completed:#,0} of {step.Total:#,0}");
            progress.PercentComplete = step.Total > 0 ? (int)Math.Min(100, 100 * step.Completed / step.Total) : -1;
            progress.SecondsRemaining = step.SecondsLeft is { } left ? (int)Math.Min(int.MaxValue, left) : -1;
            await WriteProgressAsync(progress);
        }
    }

    private async Task<IReadOnlyList<string>> ArgumentsAsync()
    {
        var bound = MyInvocation.BoundParameters;
        var arguments = new List<string> { "simulate", "--model", Model, "--accelerator", string.Join(',', Accelerator), "--replicas", Text(Count), "--seed", Text(Seed) };
        if (LiteralPath is not null)
        {
            arguments.AddRange(["--trace", await ResolveLiteralPathAsync(LiteralPath)]);
        }
        else
        {
            arguments.AddRange(["--rate", Text(Rate), "--duration", Text(Duration.TotalSeconds), "--prompt", Text(PromptTokens), "--output", Text(OutputTokens)]);
        }

        if (bound.ContainsKey(nameof(First)))
        {
            arguments.AddRange(["--requests", Text(First)]);
        }

        if (bound.ContainsKey(nameof(SloTimeToFirstToken)))
        {
            arguments.AddRange(["--slo-ttft", Text(SloTimeToFirstToken.TotalMilliseconds)]);
        }

        if (bound.ContainsKey(nameof(SloTimePerOutputToken)))
        {
            arguments.AddRange(["--slo-tpot", Text(SloTimePerOutputToken.TotalMilliseconds)]);
        }

        if (bound.ContainsKey(nameof(SampleInterval)))
        {
            arguments.AddRange(["--sample", Text(SampleInterval.TotalSeconds)]);
        }

        return arguments;
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
