using System.Collections;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes names of facts that agents keep; those of one agent where one is given.</summary>
internal sealed class MemoryNameCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) => state.Memory.All
        .Where(fact => bound["Agent"] is not string agent || string.Equals(agent, fact.Agent, StringComparison.OrdinalIgnoreCase))
        .GroupBy(fact => fact.Name, StringComparer.OrdinalIgnoreCase)
        .Select(facts => (facts.Key, string.Join("; ", facts.Select(fact => $"{fact.Agent}, {fact.OnBehalfOf ?? Output.Memory.Anyone}, {fact.DataClass}"))));
}
