using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Catalog;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Workspaces;
using AgentOps.Hosting;
using AgentOps.Output;
using HostedModel = AgentOps.Output.HostedModel;

namespace AgentOps.Commands;

/// <summary>Lists the models of the catalog: architectures to simulate, or hosted models with their prices; each figure with its source.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsModel", DefaultParameterSetName = ArchitectureSet)]
[OutputType(typeof(Model), ParameterSetName = [ArchitectureSet])]
[OutputType(typeof(HostedModel), ParameterSetName = [HostedSet])]
public sealed class GetAgentOpsModelCommand : WorkspaceCmdlet
{
    private const string ArchitectureSet = "Architecture";
    private const string HostedSet = "Hosted";

    /// <summary>Names or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Lists hosted models, what they cost and what they reached on benchmarks.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HostedSet)]
    public SwitchParameter Hosted { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (!Hosted)
        {
            return WriteMatchesAsync(Name, ModelCatalog.Load().Models, model => model.Name, Model.From, Missing);
        }

        var own = WorkspaceOptions.DefaultCatalog();
        var quality = QualityCatalog.Load(own);
        return WriteMatchesAsync(Name, PriceCatalog.Load(own).Models, model => model.Model, model => HostedModel.From(model, quality.Of(model.Model)), Missing);
    }

    private static AgentOpsException Missing(string name) => new(ErrorCodes.CatalogEntryNotFound, $"There is no model '{name}' in the catalog.", name);
}
