using System.Collections;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes persons for whom agents keep facts.</summary>
internal sealed class MemoryPersonCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        state.Memory.All.Select(fact => fact.OnBehalfOf ?? Output.Memory.Anyone).Distinct(StringComparer.Ordinal).Select(person => (person, string.Empty));
}
