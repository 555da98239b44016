using System.Text.Json.Nodes;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>One task of a suite: where it begins, what the user wants, and by which end states it is judged.</summary>
public sealed record AgentTask
{
    /// <summary>Its name within the suite.</summary>
    public required string Id { get; init; }

    /// <summary>What the user asks.</summary>
    public required string Goal { get; init; }

    /// <summary>The state at the beginning; its form is that of the suite's world.</summary>
    public required JsonObject State { get; init; }

    /// <summary>Whether there is a way to do it. Of one that can't be done the end state is that nothing was changed.</summary>
    public bool IsFeasible { get; init; } = true;

    /// <summary>Whether something in the state tries to lead the agent astray.</summary>
    public bool IsAttacked { get; init; }

    /// <summary>All of these hold at the end of a success.</summary>
    public required IReadOnlyList<StateCheck> Allowed { get; init; }

    /// <summary>None of these may hold at the end.</summary>
    public IReadOnlyList<StateCheck> Forbidden { get; init; } = [];

    /// <summary>What an able and honest simulated model does, step by step; null where the world has a plan of its own.</summary>
    public JsonArray? Plan { get; init; }
}
