using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Revokes permissions; they are out of force from that record on.</summary>
[Cmdlet(VerbsSecurity.Revoke, "AgentOpsPermission", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RevokeAgentOpsPermissionCommand : WorkspaceCmdlet
{
    /// <summary>The ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GrantIdCompleter))]
    public string[] Id { get; set; } = [];

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Id, "Revoke the permission", async name => await workspace.Permissions.RevokeAsync(name, cancellationToken));
    }
}
