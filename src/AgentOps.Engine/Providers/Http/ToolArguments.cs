using System.Text.Json;

namespace AgentOps.Engine.Providers.Http;

/// <summary>Tool arguments for vendors that want an object where the model once wrote text.</summary>
internal static class ToolArguments
{
    /// <summary>Writes the object; what is none is wrapped, so that the model can see what it wrote.</summary>
    public static void Write(Utf8JsonWriter json, string arguments)
    {
        if (JsonReading.TryParse(arguments) is { ValueKind: JsonValueKind.Object } value)
        {
            value.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        if (!string.IsNullOrWhiteSpace(arguments))
        {
            json.WriteString("malformed_arguments", arguments);
        }

        json.WriteEndObject();
    }
}
