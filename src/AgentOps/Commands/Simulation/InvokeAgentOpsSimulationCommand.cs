using System.Management.Automation;
using System.Text.Json;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;
using AgentOps.Protocol.Simulation;

namespace AgentOps.Commands;

/// <summary>Simulates a load on accelerators, without one; runs in the native helper.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AgentOpsSimulation", DefaultParameterSetName = TraceSet)]
[OutputType(typeof(SimulationResult))]
public sealed class InvokeAgentOpsSimulationCommand : SimulationCmdlet
{
    private const int ProgressId = 0x4147_0003;

    /// <summary>The accelerators to compare, names of the catalog.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AcceleratorNameCompleter))]
    public string[] Accelerator { get; set; } = ["h100"];

    /// <summary>Replicas behind the router.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int Count { get; set; } = 1;

    /// <summary>Gives the state at this interval, as <c>Series</c>.</summary>
    [Parameter]
    [Duration]
    public TimeSpan SampleInterval { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var arguments = await LoadArgumentsAsync();
        arguments.InsertRange(0, ["simulate", "--accelerator", string.Join(',', Accelerator), "--replicas", Text(Count)]);
        if (MyInvocation.BoundParameters.ContainsKey(nameof(SampleInterval)))
        {
            arguments.AddRange(["--sample", Text(SampleInterval.TotalSeconds)]);
        }

        await RunHelperAsync(arguments, new ProgressRecord(ProgressId, "Simulation", "Starting"), WriteResultAsync, cancellationToken);
    }

    private async Task WriteResultAsync(JsonElement line)
    {
        var report = line.Deserialize(SimulationJson.Default.SimulationReport)
            ?? throw new AgentOpsException(ErrorCodes.HelperUnavailable, "The helper gave an empty result.");
        await WriteAsync(SimulationResult.From(report));
    }
}
