using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Catalog;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lists the models of the catalog, each figure with its source.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsModel")]
[OutputType(typeof(Model))]
public sealed class GetAgentOpsModelCommand : WorkspaceCmdlet
{
    /// <summary>Names or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelNameCompleter))]
    public string[]? Name { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken) =>
        WriteMatchesAsync(Name, ModelCatalog.Load().Models, model => model.Name, Model.From,
            name => new AgentOpsException(ErrorCodes.CatalogEntryNotFound, $"There is no model '{name}' in the catalog.", name));
}
