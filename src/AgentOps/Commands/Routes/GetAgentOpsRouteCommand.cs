using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lists routes.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsRoute")]
[OutputType(typeof(Route))]
public sealed class GetAgentOpsRouteCommand : WorkspaceCmdlet
{
    /// <summary>Names or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RouteNameCompleter))]
    public string[]? Name { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var state = await GetStateAsync(cancellationToken);
        await WriteMatchesAsync(Name, state.Routes.Values, route => route.Name, Route.From,
            name => new AgentOpsException(ErrorCodes.RouteNotFound, $"There is no route '{name}'.", name));
    }
}
