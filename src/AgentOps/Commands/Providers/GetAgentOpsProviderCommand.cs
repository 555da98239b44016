using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lists providers.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsProvider")]
[OutputType(typeof(Provider))]
public sealed class GetAgentOpsProviderCommand : WorkspaceCmdlet
{
    /// <summary>Names or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProviderNameCompleter))]
    public string[]? Name { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var state = await GetStateAsync(cancellationToken);
        await WriteMatchesAsync(Name, state.Providers.Values, provider => provider.Name, Provider.From,
            name => new AgentOpsException(ErrorCodes.ProviderNotFound, $"There is no provider '{name}'.", name));
    }
}
