using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Catalog;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lists the accelerators of the catalog, each figure with its source.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsAccelerator")]
[OutputType(typeof(Accelerator))]
public sealed class GetAgentOpsAcceleratorCommand : WorkspaceCmdlet
{
    /// <summary>Names or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AcceleratorNameCompleter))]
    public string[]? Name { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken) =>
        WriteMatchesAsync(Name, AcceleratorCatalog.Load().Accelerators, accelerator => accelerator.Name, Accelerator.From,
            name => new AgentOpsException(ErrorCodes.CatalogEntryNotFound, $"There is no accelerator '{name}' in the catalog.", name));
}
