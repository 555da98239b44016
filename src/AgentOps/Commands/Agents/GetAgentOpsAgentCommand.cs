using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lists agents.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsAgent")]
[OutputType(typeof(Agent))]
public sealed class GetAgentOpsAgentCommand : WorkspaceCmdlet
{
    /// <summary>Names or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[]? Name { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var state = await GetStateAsync(cancellationToken);
        await WriteMatchesAsync(Name, state.Agents.Values, agent => agent.Definition.Name, Agent.From,
            name => new AgentOpsException(ErrorCodes.AgentNotFound, $"There is no agent '{name}'.", name));
    }
}
