using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Agents;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Takes the right to act from agents, or gives it back.</summary>
public abstract class AgentRightCmdlet : WorkspaceCmdlet
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

    private protected async Task ChangeAsync(string action, Func<AgentDirectory, string, ValueTask<AgentState>> change, CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Name, action, async name =>
        {
            var changed = await change(workspace.Agents, name);
            if (PassThru)
            {
                await WriteAsync(Agent.From(changed));
            }
        });
    }
}
