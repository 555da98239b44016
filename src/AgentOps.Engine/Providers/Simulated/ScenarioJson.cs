using System.Text.Json;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Providers.Simulated;

/// <summary>What the readers of a scenario's parts share.</summary>
internal static class ScenarioJson
{
    public static AgentOpsException Invalid(string what) =>
        new(ErrorCodes.ScenarioInvalid, $"The scenario of a simulated provider is invalid: {what}.");

    public static void CheckKeys(JsonElement element, string what, params ReadOnlySpan<string> known)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Invalid($"{what} is no object");
        }

        foreach (var property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw Invalid($"{what} has the unknown key '{property.Name}'; known: {string.Join(", ", known.ToArray())}");
            }
        }
    }

    public static (TimeSpan? FirstToken, TimeSpan? PerToken) Latency(JsonElement element)
    {
        if (element.Member("latency") is not { } latency)
        {
            return (null, null);
        }

        CheckKeys(latency, "'latency'", "firstTokenMs", "perTokenMs");
        return (Milliseconds(latency, "firstTokenMs"), Milliseconds(latency, "perTokenMs"));
    }

    public static Usage ReadUsage(JsonElement element)
    {
        CheckKeys(element, "'usage'", "input", "output", "cached", "cacheWrite", "reasoning");
        return new Usage(
            element.Integer("input") ?? 0,
            element.Integer("output") ?? 0,
            element.Integer("cached") ?? 0,
            element.Integer("cacheWrite") ?? 0,
            element.Integer("reasoning") ?? 0);
    }

    public static StopReason ReadStop(string text) => text switch
    {
        "end-turn" => StopReason.EndTurn,
        "tool-use" => StopReason.ToolUse,
        "max-tokens" => StopReason.MaxTokens,
        "content-filter" => StopReason.ContentFilter,
        "refusal" => StopReason.Refusal,
        "paused" => StopReason.Paused,
        "context-window-exceeded" => StopReason.ContextWindowExceeded,
        "malformed" => StopReason.Malformed,
        _ => throw Invalid($"the stop reason '{text}' is unknown; known: end-turn, tool-use, max-tokens, content-filter, refusal, "
            + "paused, context-window-exceeded, malformed"),
    };

    private static TimeSpan? Milliseconds(JsonElement element, string name) =>
        element.Amount(name) is { } value and >= 0 ? TimeSpan.FromMilliseconds((double)value) : null;
}
