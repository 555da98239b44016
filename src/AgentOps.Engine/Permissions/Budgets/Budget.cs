using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Permissions;

/// <summary>Money that may be spent on models, set by the administrator.</summary>
public sealed record Budget
{
    /// <summary>Its name, unique in the workspace without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>What it covers.</summary>
    public required BudgetScope Scope { get; init; }

    /// <summary>The agent or the task; null for the other scopes.</summary>
    public string? Of { get; init; }

    /// <summary>The most, included, in USD.</summary>
    public required decimal Max { get; init; }

    /// <summary>The sliding window, for example a day; null for ever.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Whose use is added up. A changed bound goes on counting; another window begins anew.</summary>
    internal string Key =>
        $"budget:{Name.ToLowerInvariant()}|{Scope.ToString().ToLowerInvariant()}:{Of?.ToLowerInvariant()}|{(Window is { } window ? YamlNumbers.Spell((decimal)window.Ticks) : "ever")}";

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Problem() =>
        Max < 0 ? "a bound below zero could never be kept"
        : Window <= TimeSpan.Zero ? "a window must be longer than nothing"
        : Scope is BudgetScope.Agent or BudgetScope.Task != Of is { Length: > 0 } ? "a budget of an agent or a task names it with 'of', and no other budget does"
        : Scope == BudgetScope.Session && Window is not null ? "a budget of a session covers the whole session and has no window"
        : null;

    /// <summary>What an expected cost takes from it.</summary>
    /// <param name="cost">The most that the call can cost, in USD.</param>
    public LimitDemand Demand(decimal cost) => new(Key, cost, Max, Window, $"the budget '{Name}'", IsCost: true);

    /// <summary>What a model call takes from the budgets that cover it; those of sessions are kept by the session itself.</summary>
    /// <param name="state">The workspace.</param>
    /// <param name="agent">The agent that acts; null for a prompt without one.</param>
    /// <param name="task">What the work is booked under.</param>
    /// <param name="cost">The most that the call can cost, in USD.</param>
    internal static IEnumerable<LimitDemand> Demands(WorkspaceState state, string? agent, string? task, decimal cost) => state.Budgets.Values
        .Where(budget => budget.Scope switch
        {
            BudgetScope.Workspace => true,
            BudgetScope.Agent => string.Equals(budget.Of, agent, StringComparison.OrdinalIgnoreCase),
            BudgetScope.Task => string.Equals(budget.Of, task, StringComparison.OrdinalIgnoreCase),
            _ => false,
        })
        .OrderBy(budget => budget.Name, StringComparer.OrdinalIgnoreCase)
        .Select(budget => budget.Demand(cost));

    /// <summary>Whether a budget covers a call: then only targets with a price may be used, for nothing is known to fit that has none.</summary>
    /// <param name="state">The workspace.</param>
    /// <param name="agent">The agent that acts; null for a prompt without one, which is in no session.</param>
    /// <param name="task">What the work is booked under.</param>
    internal static bool Covers(WorkspaceState state, string? agent, string? task) =>
        !state.Budgets.IsEmpty && (Demands(state, agent, task, 0).Any() || (agent is not null && OfSession(state, null) is not null));

    /// <summary>The tightest bound on a session: its own, or a budget's; null for none.</summary>
    internal static decimal? OfSession(WorkspaceState state, decimal? own) => state.Budgets.Values
        .Where(budget => budget.Scope == BudgetScope.Session)
        .Select(budget => (decimal?)budget.Max)
        .Append(own)
        .Min();

    /// <summary>The canonical JSON.</summary>
    public JsonObject ToJson() => new JsonObject()
        .With("name", Name)
        .With("scope", BudgetParser.WordOf(Scope))
        .With("of", Of)
        .With("max", (decimal?)Max)
        .With("window", Window);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static Budget FromJson(JsonElement element) => new()
    {
        Name = element.RequiredText("name"),
        Scope = BudgetParser.ScopeOf(element.RequiredText("scope")),
        Of = element.Text("of"),
        Max = element.Amount("max") ?? 0,
        Window = element.Milliseconds("window"),
    };
}
