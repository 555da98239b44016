using System.Collections;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes resources that a permission can name.</summary>
internal sealed class ResourceCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        state.Tools.Values.Select(tool => (tool.Definition.Resource, tool.Definition.Description))
            .Concat(state.Routes.Values.Select(route => ("route:" + route.Name, string.Join(", ", route.Targets))))
            .Concat(state.Agents.Values.Select(agent => ("agent:" + agent.Definition.Name, $"delegation to {agent.Definition.Name}")));
}
