using System.Text.Json.Nodes;

namespace AgentOps.Engine.Configuration;

/// <summary>The pieces that the JSON Schemas (draft 7) of configuration kinds are made of.</summary>
internal static class SchemaParts
{
    public const string Duration = "^P(?!$)([0-9]+W)?([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]+)?S)?)?$";
    public const string Time = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$";
    public const string Decimal = "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$";

    public static JsonObject Object(IReadOnlyList<string> required, params IEnumerable<(string Name, JsonObject Schema)> properties)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(properties.Select(property => KeyValuePair.Create(property.Name, (JsonNode?)property.Schema))),
        };
        if (required.Count > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
        }

        return schema;
    }

    public static JsonObject With(JsonObject schema, JsonObject more)
    {
        foreach (var (name, value) in more.ToList())
        {
            more.Remove(name);
            schema[name] = value;
        }

        return schema;
    }

    public static JsonObject Say(JsonObject schema, string description)
    {
        schema["description"] = description;
        return schema;
    }

    public static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    public static JsonObject Texts(string description) => new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" }, ["description"] = description };

    public static JsonObject List(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    public static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    public static JsonObject Boolean() => new() { ["type"] = "boolean" };

    public static JsonObject Integer() => new() { ["type"] = new JsonArray("integer", "string"), ["pattern"] = "^-?(0|[1-9][0-9]*)$" };

    public static JsonObject Whole(int least) => new() { ["type"] = "integer", ["minimum"] = least };

    public static JsonObject Number() => new() { ["type"] = new JsonArray("string", "integer"), ["pattern"] = Decimal, ["description"] = "A decimal in quotes, or a whole number." };

    public static JsonObject Words<T>(IReadOnlyList<(string Word, T Value)> words) => new()
    {
        ["enum"] = new JsonArray([.. words.Select(pair => JsonValue.Create(pair.Word))]),
    };
}
