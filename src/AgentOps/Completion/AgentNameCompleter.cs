using System.Collections;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes names of agents.</summary>
internal sealed class AgentNameCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        state.Agents.Values.Select(agent => (agent.Definition.Name, $"route {agent.Definition.Route}"));
}
