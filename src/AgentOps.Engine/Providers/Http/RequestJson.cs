using System.Text.Json;

namespace AgentOps.Engine.Providers.Http;

/// <summary>What the bodies of several vendors' requests have in common.</summary>
internal static class RequestJson
{
    /// <summary>Writes a property with texts; nothing where there is none.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a property with a number; nothing where there is none.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }
}
