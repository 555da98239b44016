using System.Text.Json.Nodes;

namespace AgentOps.Engine.Benchmarks.Agents.Simulation;

/// <summary>A call that a plan proposes.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">The honest arguments.</param>
internal sealed record PlannedCall(string Tool, JsonObject Arguments)
{
    /// <summary>The argument that holds an amount; null where there is none.</summary>
    public string? Amount { get; init; }

    /// <summary>The arguments of a model that gives more away than it may; null where there is no way to.</summary>
    public JsonObject? Overspent { get; init; }
}
