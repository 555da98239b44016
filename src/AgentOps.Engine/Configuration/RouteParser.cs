using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Routing;

namespace AgentOps.Engine.Configuration;

/// <summary>Reads documents of kind <c>Route</c> into <see cref="RouteDefinition"/>.</summary>
public sealed class RouteParser : IYamlKindParser
{
    internal static readonly (string Word, string Value)[] Objectives =
        new[] { "ordered", "cheapest-capable", "fastest", "best", "weighted" }.Select(word => (word, word)).ToArray();

    /// <inheritdoc/>
    public string Kind => "Route";

    /// <inheritdoc/>
    public object Parse(string name, YamlMap document)
    {
        var targets = new JsonArray();
        foreach (var map in document.GetMaps("targets"))
        {
            targets.Add((JsonNode)ParseTarget(map));
        }

        var json = new JsonObject { ["name"] = name }
            .With("targets", targets)
            .With("objective", document.GetOneOf("objective", Objectives, "ordered"))
            .With("minimumQuality", document.GetDecimal("minimumQuality"))
            .With("qualityModel", document.GetMap("qualityModel") is { } model ? QualityModel(model) : null)
            .With("regions", document.GetStrings("regions"))
            .With("maximumLatencyMs", document.GetDuration("maximumLatency"));
        if (targets.Count == 0)
        {
            document.Error("a route needs at least one of 'targets'");
            return new RouteDefinition { Name = name, Targets = [] };
        }

        using var parsed = JsonDocument.Parse(json.ToJsonString());
        return RouteDefinition.FromJson(parsed.RootElement.Clone());
    }

    private static JsonObject QualityModel(YamlMap map)
    {
        var (file, digest) = (map.RequireString("file"), map.RequireString("digest"));
        if (file is { Length: > 0 } && !Path.IsPathFullyQualified(file))
        {
            map.Get("file")!.Error("the file needs a full path");
        }

        if (digest is { Length: > 0 } && !(digest.Length == 64 && digest.All(char.IsAsciiHexDigit)))
        {
            map.Get("digest")!.Error("the digest is no SHA-256 in hexadecimal");
        }

        // What is wrong was reported with its place; any stand-in does.
        return new JsonObject
        {
            ["file"] = file is { } path && Path.IsPathFullyQualified(path) ? path : Path.GetFullPath("missing"),
            ["digest"] = digest is { Length: 64 } ? digest : new string('0', 64),
        };
    }

    private static JsonObject ParseTarget(YamlMap map)
    {
        var price = map.GetMap("price");
        return new JsonObject { ["provider"] = Word(map, "provider"), ["model"] = Word(map, "model") }
            .With("region", map.GetString("region"))
            .With("clearance", map.GetString("clearance"))
            .With("contextTokens", map.GetInteger("contextTokens", 1))
            .With("quality", map.GetDecimal("quality"))
            .With("latencyMs", map.GetDuration("latency"))
            .With("weight", map.GetDecimal("weight"))
            .With("price", price is null ? null : new JsonObject()
                .With("input", Amount(price, "input"))
                .With("output", Amount(price, "output"))
                .With("cachedInput", price.GetDecimal("cachedInput"))
                .With("cacheWrite", price.GetDecimal("cacheWrite")));
    }

    // An empty word was reported with its place already; the document is thrown away, so any stand-in does.
    private static string Word(YamlMap map, string key) => map.RequireString(key) is { Length: > 0 } word ? word : "missing";

    private static string Amount(YamlMap map, string key) =>
        (map.Require(key)?.AsDecimal() ?? 0).ToString(CultureInfo.InvariantCulture);
}
