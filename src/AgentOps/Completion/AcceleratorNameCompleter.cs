using System.Collections;
using AgentOps.Engine.Catalog;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes names of accelerators of the catalog.</summary>
internal sealed class AcceleratorNameCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        AcceleratorCatalog.Load().Accelerators.Select(accelerator => (accelerator.Name, string.Empty));
}
