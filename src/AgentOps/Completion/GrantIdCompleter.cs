using System.Collections;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes ids of permissions.</summary>
internal sealed class GrantIdCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        state.Grants.Values.Select(grant => (grant.Rule.QualifiedId, $"{grant.Rule.Effect} {string.Join(", ", grant.Rule.Resources)}"));
}
