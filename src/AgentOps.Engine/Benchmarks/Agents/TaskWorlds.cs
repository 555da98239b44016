using System.Text.Json.Nodes;
using AgentOps.Engine.Benchmarks.Agents.Marketplace;
using AgentOps.Engine.Benchmarks.Agents.Ops;
using AgentOps.Engine.Benchmarks.Agents.Simulation;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>The worlds that tasks can play in.</summary>
internal static class TaskWorlds
{
    private const string Marketplace = "marketplace";
    private const string Ops = "ops";

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Marketplace, Ops];

    /// <summary>The features of generated tasks of which a suite can say the share.</summary>
    public static IReadOnlyList<string> Shares(string world) => world == Marketplace ? MarketplaceGenerator.Shares : [];

    /// <summary>A world in a task's first state.</summary>
    public static ITaskWorld Create(string world, JsonObject state) => world == Marketplace ? new MarketplaceWorld(state) : new OpsWorld(state);

    /// <summary>The tasks of a suite that are made from a seed.</summary>
    public static IEnumerable<AgentTask> Generate(AgentSuite suite, int count, long seed) =>
        suite.World == Marketplace ? MarketplaceGenerator.Make(suite.Shares, count, seed) : [];

    /// <summary>The first task that a simulated model would not know how to do; null when there is none.</summary>
    public static AgentTask? WithoutPlan(AgentSuite suite, IEnumerable<AgentTask> tasks) =>
        suite.World == Marketplace ? null : tasks.FirstOrDefault(task => task.Plan is null);

    /// <summary>What an able and honest model does in a task.</summary>
    public static IAgentPlan Plan(AgentSuite suite, AgentTask task) =>
        task.Plan is { } steps ? new ScriptedPlan(steps) : suite.World == Marketplace ? new TraderPlan(task.State) : new ScriptedPlan([]);
}
