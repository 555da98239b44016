using System.Collections;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes names of routes.</summary>
internal sealed class RouteNameCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        state.Routes.Values.Select(route => (route.Name, string.Join(", ", route.Targets)));
}
