namespace AgentOps.Engine.Benchmarks.Agents.Simulation;

/// <summary>What an able and honest model does in a task.</summary>
internal interface IAgentPlan
{
    /// <summary>The next move; it follows from what was said and done alone.</summary>
    AgentMove Next(Transcript transcript);
}
