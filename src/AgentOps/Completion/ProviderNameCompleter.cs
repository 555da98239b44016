using System.Collections;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes names of providers.</summary>
internal sealed class ProviderNameCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        state.Providers.Values.Select(provider => (provider.Name, provider.Kind));
}
