using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Agents;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Creates agents that may do nothing yet.</summary>
[Cmdlet(VerbsCommon.New, "AgentOpsAgent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Agent))]
public sealed class NewAgentOpsAgentCommand : AgentDefinitionCmdlet
{
    /// <summary>The names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The route to models.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RouteNameCompleter))]
    public string Route { get; set; } = string.Empty;

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Name, "Create the agent", async name =>
            await WriteAsync(Agent.From(await workspace.Agents.CreateAsync(Apply(new AgentDefinition { Name = name, Route = Route }), cancellationToken))));
    }
}
