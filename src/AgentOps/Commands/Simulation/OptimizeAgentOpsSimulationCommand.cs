using System.Management.Automation;
using System.Text.Json;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;
using AgentOps.Protocol.Simulation;

namespace AgentOps.Commands;

/// <summary>Finds the cheapest accelerators, parallelism and scheduler that keep a promise on latency; runs in the native helper.</summary>
[Cmdlet(VerbsCommon.Optimize, "AgentOpsSimulation", DefaultParameterSetName = TraceSet)]
[OutputType(typeof(SimulationPlan))]
public sealed class OptimizeAgentOpsSimulationCommand : SimulationCmdlet
{
    private const int ProgressId = 0x4147_0004;

    /// <summary>The accelerators to choose from, names of the catalog; all that have a price where left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AcceleratorNameCompleter))]
    public string[]? Accelerator { get; set; }

    /// <summary>The largest number of devices in all.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int MaximumDevices { get; set; } = 16;

    /// <summary>Promise: the longest time to the last token.</summary>
    [Parameter]
    [Duration]
    public TimeSpan SloLatency { get; set; }

    /// <summary>Share of requests that must keep the promise, above 0 and at most 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double SloShare { get; set; } = 0.99;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var bound = MyInvocation.BoundParameters;
        if (!bound.ContainsKey(nameof(SloTimeToFirstToken)) && !bound.ContainsKey(nameof(SloTimePerOutputToken)) && !bound.ContainsKey(nameof(SloLatency)))
        {
            throw new AgentOpsException(ErrorCodes.SimulationInvalid, "There is no promise to keep.", Model,
                "Give -SloTimeToFirstToken, -SloTimePerOutputToken or -SloLatency.");
        }

        var arguments = await LoadArgumentsAsync();
        arguments.InsertRange(0, ["optimize", "--max-devices", Text(MaximumDevices), "--slo-share", Text(SloShare)]);
        if (Accelerator is { Length: > 0 })
        {
            arguments.AddRange(["--accelerator", string.Join(',', Accelerator)]);
        }

        if (bound.ContainsKey(nameof(SloLatency)))
        {
            arguments.AddRange(["--slo-e2e", Text(SloLatency.TotalMilliseconds)]);
        }

        await RunHelperAsync(arguments, new ProgressRecord(ProgressId, "Search", "Starting"), WriteResultAsync, cancellationToken);
    }

    private async Task WriteResultAsync(JsonElement line)
    {
        var report = line.Deserialize(SimulationJson.Default.PlanReport)
            ?? throw new AgentOpsException(ErrorCodes.HelperUnavailable, "The helper gave an empty plan.");
        await WriteAsync(SimulationPlan.From(report));
    }
}
