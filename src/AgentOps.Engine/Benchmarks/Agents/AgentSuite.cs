namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>A set of tasks in one world, with the agent's instructions, the tools and the policies under which it works.</summary>
public sealed record AgentSuite
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>The world that its tasks play in: <c>marketplace</c> or <c>ops</c>.</summary>
    public required string World { get; init; }

    /// <summary>The agent among its documents that does the tasks.</summary>
    public required string Agent { get; init; }

    /// <summary>The tasks that are written out.</summary>
    public IReadOnlyList<AgentTask> Tasks { get; init; } = [];

    /// <summary>How many tasks are made from a seed when nobody says; zero when the world makes none.</summary>
    public int Generated { get; init; }

    /// <summary>Shares of generated tasks by their feature, in percent, as the world names them.</summary>
    public IReadOnlyDictionary<string, decimal> Shares { get; init; } = new Dictionary<string, decimal>();
}
