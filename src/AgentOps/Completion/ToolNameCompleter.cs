using System.Collections;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes names of tools.</summary>
internal sealed class ToolNameCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        state.Tools.Values.Select(tool => (tool.Definition.Name, tool.Definition.Description));
}
