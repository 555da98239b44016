using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace AgentOps.Engine.Configuration;

/// <summary>Turns JSON into YAML as a person would write it: plain words, blocks for lines, short lists on one line, quotation marks where they are needed.</summary>
internal static partial class YamlText
{
    private const int ShortList = 6;
    private static readonly HashSet<string> Reserved = new(["true", "false", "null", "yes", "no", "on", "off", "y", "n"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Converts a value.</summary>
    public static YamlNode Convert(JsonNode? node) => node switch
    {
        JsonObject members => new YamlMappingNode(members.Select(member => KeyValuePair.Create((YamlNode)Scalar(member.Key), Convert(member.Value)))),
        JsonArray items => new YamlSequenceNode(items.Select(Convert))
        {
            Style = items.Count <= ShortList && items.All(item => item is JsonValue) ? SequenceStyle.Flow : SequenceStyle.Block,
        },
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Scalar((string)value!),
        JsonValue value => new YamlScalarNode(value.ToJsonString()) { Style = ScalarStyle.Plain },
        _ => new YamlScalarNode("null") { Style = ScalarStyle.Plain },
    };

    private static YamlScalarNode Scalar(string text) => new YamlScalarNode(text)
    {
        Style = PlainWords().IsMatch(text) && !Reserved.Contains(text) ? ScalarStyle.Plain
            : Block().IsMatch(text) ? ScalarStyle.Literal
            : ScalarStyle.DoubleQuoted,
    };

    // Begins with a letter or a slash, holds nothing that YAML could take for itself, ends without a space.
    [GeneratedRegex(@"\A[A-Za-z/]([A-Za-z0-9_./@+-]|:(?=[A-Za-z0-9/])| (?=[A-Za-z0-9_(/]))*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainWords();

    // Several lines of printable ASCII, none of which begins or ends with a blank.
    [GeneratedRegex(@"\A[!-~]([ -~]*[!-~])?(\n+[!-~]([ -~]*[!-~])?)+\n?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Block();
}
