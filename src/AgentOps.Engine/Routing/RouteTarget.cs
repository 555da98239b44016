using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>A model at a provider.</summary>
/// <param name="Provider">The provider's registered name.</param>
/// <param name="Model">The provider's name of the model.</param>
public sealed record RouteTarget(string Provider, string Model)
{
    /// <summary>Where it runs, for example <c>eu-central-1</c>; null where unknown.</summary>
    public string? Region { get; init; }

    /// <summary>Overrides the catalog's price.</summary>
    public ModelPrice? Price { get; init; }

    /// <summary>Overrides the provider's clearance.</summary>
    public string? Clearance { get; init; }

    /// <summary>Overrides the catalog's context length, in tokens.</summary>
    public long? ContextTokens { get; init; }

    /// <summary>Overrides the catalog's quality, 0 to 1.</summary>
    public decimal? Quality { get; init; }

    /// <summary>Overrides the expected time to the first token.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Its share under <see cref="RouteObjective.Weighted"/>.</summary>
    public decimal Weight { get; init; } = 1;

    /// <summary>The JSON form; decimals as text, durations in milliseconds.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["provider"] = Provider, ["model"] = Model };
        Put(json, "region", Region);
        if (Price is not null)
        {
            json["price"] = Price.ToJson();
        }

        Put(json, "clearance", Clearance);
        if (ContextTokens is { } context)
        {
            json["contextTokens"] = context;
        }

        Put(json, "quality", Quality?.ToString(CultureInfo.InvariantCulture));
        if (Latency is { } latency)
        {
            json["latencyMs"] = (long)latency.TotalMilliseconds;
        }

        if (Weight != 1)
        {
            json["weight"] = Weight.ToString(CultureInfo.InvariantCulture);
        }

        return json;
    }

    /// <summary>Reads <see cref="ToJson"/>'s form.</summary>
    /// <exception cref="AgentOpsException">Provider or model is missing.</exception>
    public static RouteTarget FromJson(JsonElement element)
    {
        var provider = element.Text("provider");
        var model = element.Text("model");
        if (string.IsNullOrEmpty(provider) || string.IsNullOrEmpty(model))
        {
            throw new AgentOpsException(ErrorCodes.RouteInvalid, "A route's target needs 'provider' and 'model'.");
        }

        return new RouteTarget(provider, model)
        {
            Region = element.Text("region"),
            Price = element.Member("price") is { } price ? ModelPrice.FromJson(price) : null,
            Clearance = element.Text("clearance"),
            ContextTokens = element.Integer("contextTokens"),
            Quality = element.Amount("quality"),
            Latency = element.Integer("latencyMs") is { } latency ? TimeSpan.FromMilliseconds(latency) : null,
            Weight = element.Amount("weight") ?? 1,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Region is null ? $"{Provider}/{Model}" : $"{Provider}/{Model}@{Region}";

    private static void Put(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
