using System.Collections;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes ids of batches.</summary>
internal sealed class BatchIdCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        state.Batches.Values.Select(batch => (batch.Id, $"{batch.Target}, {batch.Status}"));
}
