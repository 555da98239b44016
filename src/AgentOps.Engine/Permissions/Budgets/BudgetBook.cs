using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Permissions;

/// <summary>Sets budgets and removes them; each change is one event.</summary>
public sealed class BudgetBook
{
    private readonly WorkspaceLedger _ledger;

    internal BudgetBook(WorkspaceLedger ledger) => _ledger = ledger;

    /// <summary>Sets a budget, in place of one of the same name; what was spent under it goes on counting.</summary>
    /// <exception cref="AgentOpsException"><c>NameInvalid</c>, <c>BudgetInvalid</c>, <c>AgentNotFound</c>.</exception>
    public ValueTask<Budget> SetAsync(Budget budget, CancellationToken cancellationToken) =>
        _ledger.ChangeAsync(
            (state, transaction) =>
            {
                Check(state, budget);
                transaction.Add(new NewEvent(EventTypes.BudgetSet, EventTypes.Version, budget.ToJson()));
            },
            state => Require(state, budget.Name),
            cancellationToken);

    /// <summary>Removes a budget.</summary>
    /// <exception cref="AgentOpsException"><c>BudgetNotFound</c>.</exception>
    public async ValueTask RemoveAsync(string name, CancellationToken cancellationToken) =>
        await _ledger.ChangeAsync(
            (state, transaction) => transaction.Add(
                new NewEvent(EventTypes.BudgetRemoved, EventTypes.Version, new JsonObject { ["name"] = Require(state, name).Name })),
            _ => true,
            cancellationToken);

    /// <summary>What was used of a budget.</summary>
    /// <param name="state">The workspace.</param>
    /// <param name="budget">The budget.</param>
    /// <param name="now">The moment, UTC.</param>
    public static BudgetUse UseOf(WorkspaceState state, Budget budget, DateTimeOffset now)
    {
        if (budget.Scope == BudgetScope.Session)
        {
            return new BudgetUse(budget, null, null);
        }

        var (spent, reserved) = state.Limits.UseOf(budget.Key, now);
        return new BudgetUse(budget, spent, reserved);
    }

    /// <summary>Whether a budget can stand in this state.</summary>
    internal static void Check(WorkspaceState state, Budget budget)
    {
        NameRule.Require("a budget", budget.Name);
        if (budget.Problem() is { } problem)
        {
            throw new AgentOpsException(ErrorCodes.BudgetInvalid, $"The budget '{budget.Name}' can't be set: {problem}.", budget.Name);
        }

        if (budget.Scope == BudgetScope.Agent)
        {
            AgentDirectory.Require(state, budget.Of!);
        }
    }

    private static Budget Require(WorkspaceState state, string name) =>
        state.Budgets.TryGetValue(name, out var budget)
            ? budget
            : throw new AgentOpsException(ErrorCodes.BudgetNotFound, $"There is no budget '{name}'.", name);
}
