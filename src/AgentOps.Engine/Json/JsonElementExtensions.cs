using System.Globalization;
using System.Text.Json;

namespace AgentOps.Engine.Json;

/// <summary>Typed reads of the members of a JSON object. Absent and null read alike.</summary>
internal static class JsonElementExtensions
{
    public static string? OptionalString(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static string RequiredString(this JsonElement element, string name) =>
        element.OptionalString(name) ?? throw new JsonException($"The member '{name}' is missing or is no string.");

    public static bool Flag(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static long? OptionalInteger(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    /// <summary>Decimals travel as strings: a ledger record holds no floating point.</summary>
    public static decimal? OptionalDecimal(this JsonElement element, string name) =>
        element.OptionalString(name) is { } text ? decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture) : null;

    /// <summary>Durations travel as whole milliseconds.</summary>
    public static TimeSpan? OptionalMilliseconds(this JsonElement element, string name) =>
        element.OptionalInteger(name) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    public static JsonElement? OptionalObject(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    public static IReadOnlyList<string> Strings(this JsonElement element, string name) =>
        element.Items(name).Select(item => item.GetString() ?? string.Empty).ToArray();

    public static T RequiredEnum<T>(this JsonElement element, string name) where T : struct, Enum =>
        Enum.TryParse<T>(element.RequiredString(name), ignoreCase: true, out var value)
            ? value
            : throw new JsonException($"The member '{name}' has the unknown value '{element.RequiredString(name)}'.");
}
