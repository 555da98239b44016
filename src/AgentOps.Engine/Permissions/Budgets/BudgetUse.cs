namespace AgentOps.Engine.Permissions;

/// <summary>A budget and what was used of it.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Spent">What was spent within its window, in USD; null for a budget of sessions, each of which has its own.</param>
/// <param name="Reserved">What is set aside for calls in flight, in USD; null as above.</param>
public sealed record BudgetUse(Budget Budget, decimal? Spent, decimal? Reserved)
{
    /// <summary>What is left, in USD; null as above.</summary>
    public decimal? Left => Budget.Max - Spent - Reserved;
}
