using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Agents;

/// <summary>Bounds on one invocation of an agent; whichever is met first ends it, and is recorded.</summary>
public sealed record InvocationLimits
{
    /// <summary>Most model calls.</summary>
    public int MaxSteps { get; init; } = 20;

    /// <summary>Most tool calls proposed by the model, refused ones included.</summary>
    public int MaxToolCalls { get; init; } = 50;

    /// <summary>Longest wall time.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most that the invocation may spend on models, in USD; null for no bound of its own.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>Most output tokens of one model call.</summary>
    public int MaxOutputTokens { get; init; } = 4096;

    /// <summary>The same with the tighter of two bounds on cost.</summary>
    public InvocationLimits Within(decimal? maxCost) => maxCost is { } cost && !(MaxCost <= cost) ? this with { MaxCost = cost } : this;

    /// <summary>The canonical JSON that a ledger record carries.</summary>
    public JsonObject ToJson() => new JsonObject()
        .With("maxSteps", MaxSteps)
        .With("maxToolCalls", MaxToolCalls)
        .With("maxDuration", (TimeSpan?)MaxDuration)
        .With("maxCost", MaxCost)
        .With("maxOutputTokens", MaxOutputTokens);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static InvocationLimits FromJson(JsonElement element)
    {
        var defaults = new InvocationLimits();
        return new InvocationLimits
        {
            MaxSteps = (int)(element.Integer("maxSteps") ?? defaults.MaxSteps),
            MaxToolCalls = (int)(element.Integer("maxToolCalls") ?? defaults.MaxToolCalls),
            MaxDuration = element.Milliseconds("maxDuration") ?? defaults.MaxDuration,
            MaxCost = element.Amount("maxCost"),
            MaxOutputTokens = (int)(element.Integer("maxOutputTokens") ?? defaults.MaxOutputTokens),
        };
    }
}
