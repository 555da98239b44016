using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOps.Engine.Providers.OpenAI;

/// <summary>Whether a schema is one that OpenAI enforces strictly; asked to enforce another, it refuses the request.</summary>
internal static class StrictSchema
{
    private const int MaximumDepth = 32;

    /// <summary>Every object closes its properties and requires each of them.</summary>
    public static bool Fits(JsonObject schema) => Fits(schema, 0);

    private static bool Fits(JsonNode? node, int depth)
    {
        if (depth > MaximumDepth || node is not JsonObject schema)
        {
            return false;
        }

        if (schema["properties"] is JsonObject properties)
        {
            var required = schema["required"] as JsonArray;
            return IsFalse(schema["additionalProperties"])
                && properties.All(property => required is not null
                    && required.Any(name => name is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == property.Key)
                    && Fits(property.Value, depth + 1));
        }

        if (schema["items"] is { } items)
        {
            return Fits(items, depth + 1);
        }

        return schema["type"] is not JsonValue type || type.GetValueKind() != JsonValueKind.String || type.GetValue<string>() != "object"
            || IsFalse(schema["additionalProperties"]);
    }

    private static bool IsFalse(JsonNode? node) => node?.GetValueKind() == JsonValueKind.False;
}
