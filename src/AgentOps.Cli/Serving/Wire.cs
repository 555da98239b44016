using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Cli.Serving;

/// <summary>What the readers of the four protocols share.</summary>
internal static class Wire
{
    public static AgentOpsException Invalid(string message) => new(ErrorCodes.ProviderRequestRefused, message);

    public static JsonElement? Member(JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var name in names)
        {
            if (element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                return value;
            }
        }

        return null;
    }

    public static string? Text(JsonElement element, params ReadOnlySpan<string> names) =>
        Member(element, names) is { ValueKind: JsonValueKind.String } text ? String(text) : null;

    /// <summary>A text of the body.</summary>
    /// <exception cref="AgentOpsException"><c>ProviderRequestRefused</c>: half of a character stands in it (RFC 8259, 8.2), or bytes that are no UTF-8.</exception>
    public static string String(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Invalid("A text of the request is no Unicode.");
        }
    }

    public static bool Flag(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.True };

    public static int? Integer(JsonElement element, params ReadOnlySpan<string> names) =>
        Member(element, names) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;

    public static decimal? Decimal(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var value) ? value : null;

    public static IEnumerable<JsonElement> Items(JsonElement? element, params ReadOnlySpan<string> names) =>
        element is { } given && Member(given, names) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static IReadOnlyList<string> Texts(JsonElement element, params ReadOnlySpan<string> names) => Member(element, names) switch
    {
        { ValueKind: JsonValueKind.String } one => [String(one)],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(String)],
        _ => [],
    };

    public static JsonObject Schema(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Object } schema ? JsonObject.Create(schema.Clone())! : new JsonObject { ["type"] = "object" };

    public static ImagePart Image(string mediaType, string base64)
    {
        try
        {
            return new ImagePart(mediaType, Convert.FromBase64String(base64));
        }
        catch (FormatException)
        {
            throw Invalid("An image's data is not base64.");
        }
    }

    /// <summary>The name of the tool that a result belongs to: the newest call of that id.</summary>
    public static string ToolName(IReadOnlyList<Message> before, string callId)
    {
        for (var index = before.Count - 1; index >= 0; index--)
        {
            foreach (var part in before[index].Parts)
            {
                if (part is ToolCallPart call && call.Id == callId)
                {
                    return call.Name;
                }
            }
        }

        return "";
    }

    public static void Arguments(Utf8JsonWriter json, string arguments)
    {
        try
        {
            json.WriteRawValue(arguments);
        }
        catch (JsonException)
        {
            json.WriteStartObject();
            json.WriteString("malformed_arguments", arguments);
            json.WriteEndObject();
        }
    }
}
