using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>A route: targets, hard constraints, an objective.</summary>
public sealed record RouteDefinition
{
    /// <summary>The name that agents call it by.</summary>
    public required string Name { get; init; }

    /// <summary>The targets, in order of preference.</summary>
    public required IReadOnlyList<RouteTarget> Targets { get; init; }

    /// <summary>How eligible targets are ranked.</summary>
    public RouteObjective Objective { get; init; }

    /// <summary>The least predicted quality, 0 to 1, that counts as capable; null: 95 % of the best target's.</summary>
    public decimal? MinimumQuality { get; init; }

    /// <summary>What predicts, from a prompt's text, how well the models answer it; null for what the catalog and the workspace's own outcomes say.</summary>
    public QualityModelReference? QualityModel { get; init; }

    /// <summary>The only regions allowed; null for all. A target of unknown region is then rejected.</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>The longest wait for the first token that is acceptable, as predicted.</summary>
    public TimeSpan? MaximumLatency { get; init; }

    /// <summary>The JSON form; decimals as text.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Name,
            ["targets"] = new JsonArray([.. Targets.Select(target => target.ToJson())]),
            ["objective"] = ObjectiveName(Objective),
        };
        if (MinimumQuality is { } quality)
        {
            json["minimumQuality"] = quality.ToString(CultureInfo.InvariantCulture);
        }

        if (QualityModel is not null)
        {
            json["qualityModel"] = QualityModel.ToJson();
        }

        if (Regions is not null)
        {
            json["regions"] = new JsonArray([.. Regions.Select(region => JsonValue.Create(region))]);
        }

        if (MaximumLatency is { } latency)
        {
            json["maximumLatencyMs"] = (long)latency.TotalMilliseconds;
        }

        return json;
    }

    /// <summary>Reads <see cref="ToJson"/>'s form.</summary>
    /// <exception cref="AgentOpsException">A name, a target or the objective is missing or wrong.</exception>
    public static RouteDefinition FromJson(JsonElement element)
    {
        var name = element.Text("name") ?? throw Invalid("A route has no 'name'.", null);
        var targets = element.Items("targets").Select(RouteTarget.FromJson).ToArray();
        return new RouteDefinition
        {
            Name = name,
            Targets = targets.Length > 0 ? targets : throw Invalid($"The route '{name}' has no targets.", name),
            Objective = ParseObjective(element.Text("objective"), name),
            MinimumQuality = element.Amount("minimumQuality"),
            QualityModel = element.TryGetProperty("qualityModel", out var model) && model.ValueKind == JsonValueKind.Object ? QualityModelReference.FromJson(model, name) : null,
            Regions = element.Texts("regions"),
            MaximumLatency = element.Integer("maximumLatencyMs") is { } latency ? TimeSpan.FromMilliseconds(latency) : null,
        };
    }

    private static string ObjectiveName(RouteObjective objective) => objective switch
    {
        RouteObjective.CheapestCapable => "cheapest-capable",
        RouteObjective.Fastest => "fastest",
        RouteObjective.Best => "best",
        RouteObjective.Weighted => "weighted",
        _ => "ordered",
    };

    private static RouteObjective ParseObjective(string? text, string name) => text switch
    {
        null or "ordered" => RouteObjective.Ordered,
        "cheapest-capable" => RouteObjective.CheapestCapable,
        "fastest" => RouteObjective.Fastest,
        "best" => RouteObjective.Best,
        "weighted" => RouteObjective.Weighted,
        _ => throw Invalid(
            $"The route '{name}' has the unknown objective '{text}'; known: ordered, cheapest-capable, fastest, best, weighted.", name),
    };

    private static AgentOpsException Invalid(string message, string? name) => new(ErrorCodes.RouteInvalid, message, name);
}
