using System.Collections;
using AgentOps.Engine.Catalog;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes names of models of the catalog.</summary>
internal sealed class ModelNameCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        bound.Contains("Hosted")
            ? PriceCatalog.Load().Models.Select(model => (model.Model, model.Provider))
            : ModelCatalog.Load().Models.Select(model => (model.Name, string.Empty));
}
