using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lists tools.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsTool")]
[OutputType(typeof(Tool))]
public sealed class GetAgentOpsToolCommand : WorkspaceCmdlet
{
    /// <summary>Names or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ToolNameCompleter))]
    public string[]? Name { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var state = await workspace.GetStateAsync(cancellationToken);
        await WriteMatchesAsync(Name, state.Tools.Values, tool => tool.Definition.Name,
            tool => Tool.From(tool, workspace.Tools.Isolation(tool.Definition)),
            name => new AgentOpsException(ErrorCodes.ToolNotFound, $"There is no tool '{name}'.", name));
    }
}
