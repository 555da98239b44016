using System.Management.Automation;
using AgentOps.Engine.Configuration;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Brings YAML configuration into the workspace: all of it, or, when anything is wrong, nothing of it.</summary>
[Cmdlet(VerbsData.Import, "AgentOpsConfiguration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Change))]
public sealed class ImportAgentOpsConfigurationCommand : WorkspaceCmdlet
{
    /// <summary>A YAML file, or a folder of them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Removes from the workspace what the configuration does not hold.</summary>
    [Parameter]
    public SwitchParameter Prune { get; set; }

    /// <summary>Removes without asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        foreach (var path in LiteralPath)
        {
            await ForItemAsync(path, async () =>
            {
                var configuration = await ConfigurationSet.ReadAsync(await ResolveLiteralPathAsync(path), cancellationToken);
                var plan = await workspace.Configuration.PlanAsync(configuration, Prune, cancellationToken);
                var approved = true;
                foreach (var change in plan)
                {
                    approved &= await ConfirmAsync($"{change.Kind} {change.Name}", change.Action.ToString());
                }

                var removed = plan.Count(change => change.Action == ChangeAction.Remove);
                if (approved && Prune && removed > 0 && !Force)
                {
                    approved = await ContinueAsync(path, $"{removed} things that '{path}' does not hold would be removed from the workspace. Go on?", "Prune the workspace");
                }

                // All or nothing: saying no to one change imports none of the file.
                if (approved && plan.Count > 0)
                {
                    foreach (var change in await workspace.Configuration.ImportAsync(configuration, Prune, cancellationToken))
                    {
                        await WriteAsync(Change.From(change));
                    }
                }
            });
        }
    }
}
