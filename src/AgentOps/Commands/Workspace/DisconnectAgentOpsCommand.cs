using System.Management.Automation;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Lets go of this runspace's workspace.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "AgentOps")]
[OutputType(typeof(void))]
public sealed class DisconnectAgentOpsCommand : WorkspaceCmdlet
{
    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var connection = await OnPipelineAsync(() => RunspaceConnection.Current);
        await connection.DisconnectAsync(cancellationToken);
    }
}
