using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;

namespace AgentOps.Engine.Agents;

/// <summary>What an administrator says of an agent. It grants nothing: rights are permissions.</summary>
public sealed record AgentDefinition
{
    /// <summary>Name, unique in the workspace without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>The system instructions that the model is given.</summary>
    public string Instructions { get; init; } = string.Empty;

    /// <summary>The route over which the agent reaches models.</summary>
    public required string Route { get; init; }

    /// <summary>Names of the tools that the model is shown. Showing is not granting.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Most that the agent may spend on models in its life, in USD; null for no bound.</summary>
    public decimal? Budget { get; init; }

    /// <summary>Bounds on one invocation.</summary>
    public InvocationLimits Limits { get; init; } = new();

    /// <summary>The highest data class of facts that it may keep beyond a session, and recall; see <see cref="DataClasses"/>.</summary>
    public string MemoryClearance { get; init; } = DataClasses.Default;

    /// <summary>Whether a session of it that fails undoes what it did, as far as its tools name compensations, before it ends.</summary>
    public bool UndoOnFailure { get; init; }

    /// <summary>The canonical JSON that a ledger record carries.</summary>
    public JsonObject ToJson() => new JsonObject()
        .With("name", Name)
        .With("instructions", Instructions)
        .With("route", Route)
        .With("tools", Tools)
        .With("budget", Budget)
        .With("limits", Limits.ToJson())
        .With("memory", MemoryClearance == DataClasses.Default ? null : new JsonObject().With("clearance", MemoryClearance))
        .With("undoOnFailure", UndoOnFailure);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static AgentDefinition FromJson(JsonElement element) => new()
    {
        Name = element.RequiredText("name"),
        Instructions = element.Text("instructions") ?? string.Empty,
        Route = element.RequiredText("route"),
        Tools = element.Strings("tools"),
        Budget = element.Amount("budget"),
        Limits = element.Object("limits") is { } limits ? InvocationLimits.FromJson(limits) : new(),
        UndoOnFailure = element.Flag("undoOnFailure"),
        MemoryClearance = element.Object("memory").Text("clearance") ?? DataClasses.Default,
    };
}
