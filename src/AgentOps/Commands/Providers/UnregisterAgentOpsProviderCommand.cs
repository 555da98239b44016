using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Takes providers away.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "AgentOpsProvider", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class UnregisterAgentOpsProviderCommand : WorkspaceCmdlet
{
    /// <summary>The names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProviderNameCompleter))]
    public string[] Name { get; set; } = [];

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Name, "Unregister the provider", async name => await workspace.Providers.UnregisterAsync(name, cancellationToken));
    }
}
