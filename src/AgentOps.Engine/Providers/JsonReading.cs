using System.Globalization;
using System.Text.Json;

namespace AgentOps.Engine.Providers;

/// <summary>Tolerant reading of JSON from outside: what is absent, or of another kind, is null; nothing throws.</summary>
internal static class JsonReading
{
    /// <summary>The member, or null when absent, null, or when this isn't an object.</summary>
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? value
            : null;

    public static JsonElement? Member(this JsonElement? element, string name) => element?.Member(name);

    public static string? Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } value ? Unicode(value) : null;

    public static string? Text(this JsonElement? element, string name) => element?.Text(name);

    /// <summary>A time as RFC 3339 writes it, UTC; null where there is none.</summary>
    public static DateTimeOffset? Time(this JsonElement element, string name) =>
        DateTimeOffset.TryParse(element.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    public static DateTimeOffset? Time(this JsonElement? element, string name) => element?.Time(name);

    public static bool Flag(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.True };

    public static long? Integer(this JsonElement element, string name)
    {
        if (element.Member(name) is not { ValueKind: JsonValueKind.Number } value)
        {
            return null;
        }

        if (value.TryGetInt64(out var whole))
        {
            return whole;
        }

        return value.TryGetDouble(out var real) && Math.Abs(real) < long.MaxValue ? (long)real : null;
    }

    public static long? Integer(this JsonElement? element, string name) => element?.Integer(name);

    /// <summary>A decimal given as a number or as text.</summary>
    public static decimal? Amount(this JsonElement element, string name) => element.Member(name) switch
    {
        { ValueKind: JsonValueKind.Number } value => value.TryGetDecimal(out var number) ? number : null,
        { ValueKind: JsonValueKind.String } value =>
            decimal.TryParse(Unicode(value), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => null,
    };

    /// <summary>The elements of a member that is an array; none otherwise.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    public static IEnumerable<JsonElement> Items(this JsonElement? element, string name) => element?.Items(name) ?? [];

    /// <summary>The texts of a member that is an array of texts; null when absent.</summary>
    public static IReadOnlyList<string>? Texts(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } value
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(Unicode).OfType<string>()]
            : null;

    /// <summary>A text; null where it is no Unicode: JSON may hold half of a character (RFC 8259, 8.2), and bytes that are no UTF-8.</summary>
    private static string? Unicode(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Parses text; null when it is no JSON.</summary>
    public static JsonElement? TryParse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
