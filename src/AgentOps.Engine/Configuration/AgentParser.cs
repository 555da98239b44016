using AgentOps.Engine.Agents;
using AgentOps.Engine.Routing;

namespace AgentOps.Engine.Configuration;

/// <summary>Reads documents of kind <c>Agent</c> into <see cref="AgentDefinition"/>.</summary>
public sealed class AgentParser : IYamlKindParser
{
    /// <inheritdoc/>
    public string Kind => "Agent";

    /// <inheritdoc/>
    public object Parse(string name, YamlMap document)
    {
        var defaults = new InvocationLimits();
        var limits = document.GetMap("limits");
        return new AgentDefinition
        {
            Name = name,
            Instructions = document.GetString("instructions") ?? string.Empty,
            Route = document.RequireString("route"),
            Tools = document.GetStrings("tools"),
            Budget = document.GetDecimal("budget"),
            UndoOnFailure = document.GetBoolean("undoOnFailure") ?? false,
            MemoryClearance = document.GetMap("memory")?.GetOneOf("clearance", DataClasses.All.Select(word => (word, word)).ToArray(), DataClasses.Default) ?? DataClasses.Default,
            Limits = limits is null ? defaults : new InvocationLimits
            {
                MaxSteps = (int)(limits.GetInteger("maxSteps", 1, 10_000) ?? defaults.MaxSteps),
                MaxToolCalls = (int)(limits.GetInteger("maxToolCalls", 1, 100_000) ?? defaults.MaxToolCalls),
                MaxDuration = limits.GetDuration("maxDuration") ?? defaults.MaxDuration,
                MaxCost = limits.GetDecimal("maxCost"),
                MaxOutputTokens = (int)(limits.GetInteger("maxOutputTokens", 1, 1_000_000) ?? defaults.MaxOutputTokens),
            },
        };
    }
}
