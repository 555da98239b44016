using AgentOps.Engine.Permissions;

namespace AgentOps.Output;

/// <summary>Money that may be spent on models, and what was spent of it.</summary>
public sealed record Budget
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary><c>Workspace</c>, <c>Agent</c>, <c>Session</c> or <c>Task</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>The agent or the task; null for the other scopes.</summary>
    public string? Of { get; init; }

    /// <summary>The most, in USD.</summary>
    public required decimal Max { get; init; }

    /// <summary>The sliding window; null for ever.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>What was spent within the window, in USD; null for a budget of sessions, each of which counts by itself.</summary>
    public decimal? Spent { get; init; }

    /// <summary>What is set aside for calls in flight, in USD; null as above.</summary>
    public decimal? Reserved { get; init; }

    /// <summary>What is left, in USD; null as above.</summary>
    public decimal? Left { get; init; }

    /// <summary>The name, so that the object serves where one is asked for.</summary>
    public override string ToString() => Name;

    internal static Budget From(BudgetUse use) => new()
    {
        Name = use.Budget.Name,
        Scope = use.Budget.Scope.ToString(),
        Of = use.Budget.Of,
        Max = use.Budget.Max,
        Window = use.Budget.Window,
        Spent = use.Spent,
        Reserved = use.Reserved,
        Left = use.Left,
    };
}
