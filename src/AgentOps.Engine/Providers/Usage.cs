using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOps.Engine.Providers;

/// <summary>Tokens of one call.</summary>
/// <param name="InputTokens">All input tokens, those read from or written to a cache included.</param>
/// <param name="OutputTokens">All output tokens, reasoning included.</param>
/// <param name="CachedInputTokens">Of the input: read from the vendor's cache.</param>
/// <param name="CacheWriteTokens">Of the input: written to the vendor's cache.</param>
/// <param name="ReasoningTokens">Of the output: reasoning.</param>
/// <param name="IsEstimated">Estimated here from the text, because the provider did not tell (an interrupted stream).</param>
public sealed record Usage(
    long InputTokens,
    long OutputTokens,
    long CachedInputTokens = 0,
    long CacheWriteTokens = 0,
    long ReasoningTokens = 0,
    bool IsEstimated = false)
{
    /// <summary>No tokens.</summary>
    public static Usage Zero { get; } = new(0, 0);

    /// <summary>The sum of two calls; estimated when either is.</summary>
    public static Usage operator +(Usage left, Usage right) => left.Add(right);

    /// <summary>The sum of two calls; estimated when either is.</summary>
    public Usage Add(Usage other) => new(
        InputTokens + other.InputTokens,
        OutputTokens + other.OutputTokens,
        CachedInputTokens + other.CachedInputTokens,
        CacheWriteTokens + other.CacheWriteTokens,
        ReasoningTokens + other.ReasoningTokens,
        IsEstimated || other.IsEstimated);

    /// <summary>The JSON form.</summary>
    public JsonObject ToJson() => new()
    {
        ["inputTokens"] = InputTokens,
        ["outputTokens"] = OutputTokens,
        ["cachedInputTokens"] = CachedInputTokens,
        ["cacheWriteTokens"] = CacheWriteTokens,
        ["reasoningTokens"] = ReasoningTokens,
        ["isEstimated"] = IsEstimated,
    };

    /// <summary>Reads <see cref="ToJson"/>'s form; what is absent is zero.</summary>
    public static Usage FromJson(JsonElement element) => new(
        element.Integer("inputTokens") ?? 0,
        element.Integer("outputTokens") ?? 0,
        element.Integer("cachedInputTokens") ?? 0,
        element.Integer("cacheWriteTokens") ?? 0,
        element.Integer("reasoningTokens") ?? 0,
        element.Flag("isEstimated"));
}
