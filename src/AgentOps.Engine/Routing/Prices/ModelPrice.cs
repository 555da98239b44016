using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>What a model costs, in US dollars for a million tokens.</summary>
/// <param name="Input">Input tokens that are neither read from nor written to a cache.</param>
/// <param name="Output">Output tokens, reasoning included.</param>
public sealed record ModelPrice(decimal Input, decimal Output)
{
    /// <summary>Nothing: local and simulated models.</summary>
    public static ModelPrice Free { get; } = new(0, 0);

    /// <summary>Input tokens read from the vendor's cache; null: as <see cref="Input"/>.</summary>
    public decimal? CachedInput { get; init; }

    /// <summary>Input tokens written to the vendor's cache; null: as <see cref="Input"/>.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>What a batch costs in proportion, for example 0.5; null: as much as single calls.</summary>
    public decimal? Batch { get; init; }

    /// <summary>The price of calls with a long prompt; null: the same.</summary>
    public LongPromptPrice? Long { get; init; }

    /// <summary>The price of a call with so many input tokens.</summary>
    public ModelPrice Of(long inputTokens) => Long is { } dearer && inputTokens > dearer.Above ? dearer.Price : this;

    /// <summary>The price of the same tokens in a batch.</summary>
    public ModelPrice InBatch() => (this * (Batch ?? 1)) with { Batch = null };

    /// <summary>A share of a price.</summary>
    public static ModelPrice operator *(ModelPrice price, decimal share) => price with
    {
        Input = price.Input * share,
        Output = price.Output * share,
        CachedInput = price.CachedInput * share,
        CacheWrite = price.CacheWrite * share,
        Long = price.Long is { } dearer ? dearer with { Price = dearer.Price * share } : null,
    };

    /// <summary>The JSON form; decimals as text.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["input"] = Text(Input), ["output"] = Text(Output) };
        if (CachedInput is { } cached)
        {
            json["cachedInput"] = Text(cached);
        }

        if (CacheWrite is { } write)
        {
            json["cacheWrite"] = Text(write);
        }

        if (Batch is { } batch)
        {
            json["batch"] = Text(batch);
        }

        if (Long is { } dearer)
        {
            var more = dearer.Price.ToJson();
            more["above"] = dearer.Above;
            json["long"] = more;
        }

        return json;
    }

    /// <summary>Reads <see cref="ToJson"/>'s form, where decimals may also be numbers; null when input or output is absent.</summary>
    public static ModelPrice? FromJson(JsonElement element) =>
        element.Amount("input") is { } input && element.Amount("output") is { } output
            ? new ModelPrice(input, output)
            {
                CachedInput = element.Amount("cachedInput"),
                CacheWrite = element.Amount("cacheWrite"),
                Batch = element.Amount("batch"),
                Long = element.Member("long") is { } dearer && dearer.Integer("above") is { } above && FromJson(dearer) is { } price ? new LongPromptPrice(above, price) : null,
            }
            : null;

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
