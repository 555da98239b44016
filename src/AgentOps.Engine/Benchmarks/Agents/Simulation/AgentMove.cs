namespace AgentOps.Engine.Benchmarks.Agents.Simulation;

/// <summary>A turn of a model: calls, or last words.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Calls">What it proposes; none at the end.</param>
internal sealed record AgentMove(string Text, params IReadOnlyList<PlannedCall> Calls);
