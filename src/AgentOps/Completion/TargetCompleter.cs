using System.Collections;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes targets: those of the workspace's routes.</summary>
internal sealed class TargetCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        state.Routes.Values
            .SelectMany(route => route.Targets.Select(target => (Name: $"{target.Provider}/{target.Model}", Tip: $"of the route {route.Name}")))
            .DistinctBy(target => target.Name, StringComparer.OrdinalIgnoreCase);
}
