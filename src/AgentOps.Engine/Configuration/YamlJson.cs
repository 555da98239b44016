using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AgentOps.Engine.Configuration;

/// <summary>Turns a free part of a document into JSON.</summary>
internal static class YamlJson
{
    public static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(pair =>
            KeyValuePair.Create(((YamlScalarNode)pair.Key).Value ?? "", Convert(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value ?? ""),
        _ => JsonValue.Create(((YamlScalarNode)node).Value ?? ""),
    };

    /// <summary>The same the other way round: texts quoted, the rest plain, so that one parser reads both.</summary>
    public static YamlNode Convert(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var mapping = new YamlMappingNode();
                foreach (var member in element.EnumerateObject())
                {
                    var key = new YamlScalarNode(member.Name) { Style = ScalarStyle.DoubleQuoted };
                    if (!mapping.Children.TryAdd(key, Convert(member.Value)))
                    {
                        throw new AgentOpsException(ErrorCodes.InvalidConfiguration, $"The member '{member.Name}' is given twice.", member.Name);
                    }
                }

                return mapping;
            case JsonValueKind.Array:
                return new YamlSequenceNode(element.EnumerateArray().Select(Convert));
            case JsonValueKind.String:
                return new YamlScalarNode(element.GetString()) { Style = ScalarStyle.DoubleQuoted };
            default:
                return new YamlScalarNode(element.GetRawText()) { Style = ScalarStyle.Plain };
        }
    }

    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when YamlNumbers.TryDecimal(text, out var number) => !text.Contains('.', StringComparison.Ordinal)
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
                ? JsonValue.Create(integer)
                : JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
