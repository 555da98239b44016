using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>Reads of a call's arguments, and of a task's state: decimals and whole numbers stand as text or as numbers.</summary>
internal static class CallArguments
{
    public static string Text(this JsonNode node, string name) => node[name] is JsonValue value
        ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()
        : string.Empty;

    public static decimal Money(this JsonNode node, string name) => YamlNumbers.TryDecimal(node.Text(name), out var amount) ? amount : 0;

    public static int Whole(this JsonNode node, string name) =>
        int.TryParse(node.Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static IEnumerable<JsonObject> Objects(this JsonNode node, string name) => (node[name] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>Money as it is written: two decimals.</summary>
    public static string Spell(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
