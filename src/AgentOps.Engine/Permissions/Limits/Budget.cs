namespace AgentOps.Engine.Permissions;

/// <summary>Money that may be spent on models.</summary>
/// <param name="Scope">What it covers.</param>
/// <param name="Name">The agent, session or task; empty for the workspace.</param>
/// <param name="Max">The most, included, in the workspace's currency.</param>
/// <param name="Window">The sliding window, for example a day; null for ever.</param>
public sealed record Budget(BudgetScope Scope, string Name, decimal Max, TimeSpan? Window = null)
{
    /// <summary>What an expected cost takes from it.</summary>
    /// <param name="cost">The most that the call can cost.</param>
    public LimitDemand Demand(decimal cost)
    {
        var label = Scope == BudgetScope.Workspace ? "the workspace's budget" : $"the budget of {Scope.ToString().ToLowerInvariant()} '{Name}'";
        return new LimitDemand(
            $"budget:{Scope.ToString().ToLowerInvariant()}:{Name.ToLowerInvariant()}|{(Window is { } window ? Configuration.YamlNumbers.Spell((decimal)window.Ticks) : "ever")}",
            cost, Max, Window, label, IsCost: true);
    }
}
