using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Takes from agents the right to act; their running sessions end.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "AgentOpsAgent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Agent))]
public sealed class SuspendAgentOpsAgentCommand : WorkspaceCmdlet
{
    /// <summary>The names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Why; recorded in the ledger.</summary>
    [Parameter]
    public string? Reason { get; set; }

    /// <summary>Gives the agent.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Name, "Suspend the agent", async name =>
        {
            var changed = await workspace.Agents.SuspendAsync(name, Reason, cancellationToken);
            if (PassThru)
            {
                await WriteAsync(Agent.From(changed));
            }
        });
    }
}
