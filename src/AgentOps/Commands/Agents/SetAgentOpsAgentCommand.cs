using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Changes what is given of an agent's definition, and leaves the rest.</summary>
[Cmdlet(VerbsCommon.Set, "AgentOpsAgent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Agent))]
public sealed class SetAgentOpsAgentCommand : AgentDefinitionCmdlet
{
    /// <summary>The names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The route to models.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RouteNameCompleter))]
    public string? Route { get; set; }

    /// <summary>Gives the changed agent.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Name, "Change the agent", async name =>
        {
            var changed = await workspace.Agents.ChangeAsync(name, before => Apply(before) with { Route = Route ?? before.Route }, cancellationToken);
            if (PassThru)
            {
                await WriteAsync(Agent.From(changed));
            }
        });
    }
}
