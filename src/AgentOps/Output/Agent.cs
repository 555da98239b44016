using AgentOps.Engine.Agents;

namespace AgentOps.Output;

/// <summary>An agent.</summary>
public sealed record Agent
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary><c>Active</c> or <c>Suspended</c>.</summary>
    public required string State { get; init; }

    /// <summary>The route over which it reaches models.</summary>
    public required string Route { get; init; }

    /// <summary>The tools that its model is shown. Showing is not granting.</summary>
    public required IReadOnlyList<string> Tool { get; init; }

    /// <summary>The system instructions.</summary>
    public required string Instructions { get; init; }

    /// <summary>Most that it may spend in its life, in USD; null for no bound.</summary>
    public decimal? Budget { get; init; }

    /// <summary>What its models have cost, in USD.</summary>
    public required decimal Spent { get; init; }

    /// <summary>What agents that it delegated to have spent or set aside for it, in USD.</summary>
    public decimal Delegated { get; init; }

    /// <summary>What is set aside for model calls in flight, in USD.</summary>
    public required decimal Reserved { get; init; }

    /// <summary>Most model calls of one invocation.</summary>
    public required int MaxSteps { get; init; }

    /// <summary>Most tool calls of one invocation.</summary>
    public required int MaxToolCalls { get; init; }

    /// <summary>Longest wall time of one invocation.</summary>
    public required TimeSpan MaxDuration { get; init; }

    /// <summary>Most that one invocation may spend, in USD; null for no bound of its own.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>Whether a session that fails undoes what it did before it ends.</summary>
    public required bool UndoOnFailure { get; init; }

    /// <summary>The highest data class of facts that it may keep beyond a session, and recall.</summary>
    public required string MemoryClearance { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>The name, so that the object serves where one is asked for.</summary>
    public override string ToString() => Name;

    internal static Agent From(AgentState state) => new()
    {
        Name = state.Definition.Name,
        State = state.IsSuspended ? "Suspended" : "Active",
        Route = state.Definition.Route,
        Tool = state.Definition.Tools,
        Instructions = state.Definition.Instructions,
        Budget = state.Definition.Budget,
        Spent = state.Spent,
        Delegated = state.Delegated,
        Reserved = state.Reserved,
        MaxSteps = state.Definition.Limits.MaxSteps,
        MaxToolCalls = state.Definition.Limits.MaxToolCalls,
        MaxDuration = state.Definition.Limits.MaxDuration,
        MaxCost = state.Definition.Limits.MaxCost,
        UndoOnFailure = state.Definition.UndoOnFailure,
        MemoryClearance = state.Definition.MemoryClearance,
        Created = state.Created,
        Changed = state.Changed,
    };
}
