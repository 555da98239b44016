using System.Management.Automation;
using System.Text;
using AgentOps.Completion;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Writes the public keys of agents as a JSON Web Key Set, for services that verify their tokens.</summary>
[Cmdlet(VerbsData.Export, "AgentOpsIdentity", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class ExportAgentOpsIdentityCommand : FileExportCmdlet
{
    /// <summary>Only the keys of these agents.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[] Agent { get; set; } = [];

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var path = await ResolveTargetAsync();
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ExportAsync(path, "Export the agents' public keys", async output =>
            await output.WriteAsync(Encoding.UTF8.GetBytes(await workspace.Identities.ExportAsync(Agent, cancellationToken)), cancellationToken));
    }
}
