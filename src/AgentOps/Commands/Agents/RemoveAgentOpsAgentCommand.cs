using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Removes agents with the permissions that name only them; the ledger keeps what they did.</summary>
[Cmdlet(VerbsCommon.Remove, "AgentOpsAgent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveAgentOpsAgentCommand : WorkspaceCmdlet
{
    /// <summary>The names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[] Name { get; set; } = [];

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Name, "Remove the agent", async name => await workspace.Agents.RemoveAsync(name, cancellationToken));
    }
}
