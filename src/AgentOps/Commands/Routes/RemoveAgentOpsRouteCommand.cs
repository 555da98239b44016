using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Removes routes.</summary>
[Cmdlet(VerbsCommon.Remove, "AgentOpsRoute", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveAgentOpsRouteCommand : WorkspaceCmdlet
{
    /// <summary>The names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RouteNameCompleter))]
    public string[] Name { get; set; } = [];

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Name, "Remove the route", async name => await workspace.Routes.RemoveAsync(name, cancellationToken));
    }
}
