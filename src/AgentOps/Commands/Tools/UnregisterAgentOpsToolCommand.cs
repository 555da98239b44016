using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Takes tools away.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "AgentOpsTool", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class UnregisterAgentOpsToolCommand : WorkspaceCmdlet
{
    /// <summary>The names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ToolNameCompleter))]
    public string[] Name { get; set; } = [];

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Name, "Unregister the tool", async name => await workspace.Tools.UnregisterAsync(name, cancellationToken));
    }
}
