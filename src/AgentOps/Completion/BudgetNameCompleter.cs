using System.Collections;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes names of budgets.</summary>
internal sealed class BudgetNameCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        state.Budgets.Values.Select(budget => (budget.Name, FormattableString.Invariant($"{budget.Scope} {budget.Of}: ${budget.Max}")));
}
