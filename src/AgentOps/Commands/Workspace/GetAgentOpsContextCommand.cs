using System.Management.Automation;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Shows what this runspace is connected to.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsContext")]
[OutputType(typeof(Context))]
public sealed class GetAgentOpsContextCommand : WorkspaceCmdlet
{
    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var connection = await OnPipelineAsync(() => RunspaceConnection.Current);
        var workspace = await connection.GetWorkspaceAsync(cancellationToken);
        await workspace.Ledger.RefreshAsync(cancellationToken);
        await WriteAsync(Context.From(workspace, connection.IsExplicit));
    }
}
