using System.Text.Json.Nodes;

namespace AgentOps.Engine.Tools.OpenApi;

/// <summary>Brings a schema into the shape that parameters are read from, where that changes nothing of what it takes.</summary>
internal static class OpenApiShape
{
    /// <summary>A type or null is that type, for what is null is not sent; parts under <c>allOf</c> that do not speak of the same become one schema.</summary>
    public static JsonObject Plain(JsonObject schema)
    {
        while (schema["allOf"] is JsonArray parts && Merge(schema, parts) is { } merged)
        {
            schema = merged;
        }

        if (schema["type"] is JsonArray types && types.Select(type => (string?)type).Where(type => type != "null").ToArray() is [var only])
        {
            schema["type"] = only;
        }

        return schema;
    }

    /// <summary>Whether it is an object whose named members are all that it says, so that each can be a parameter.</summary>
    public static bool IsPlainObject(JsonObject schema) => schema["properties"] is JsonObject { Count: > 0 } && schema["type"] is null or JsonValue
        && ((string?)schema["type"] ?? "object") == "object"
        && schema.All(keyword => keyword.Key is "type" or "properties" or "required" or "description" or "additionalProperties" or "default");

    private static JsonObject? Merge(JsonObject schema, JsonArray parts)
    {
        var merged = (JsonObject)schema.DeepClone();
        merged.Remove("allOf");
        foreach (var part in parts)
        {
            if (part is not JsonObject one)
            {
                return null;
            }

            foreach (var (keyword, value) in one)
            {
                if (keyword == "description")
                {
                    merged[keyword] ??= value?.DeepClone();
                }
                else if (keyword == "required" && merged[keyword] is JsonArray required && value is JsonArray more)
                {
                    merged[keyword] = new JsonArray([.. required.Concat(more).Select(name => (string?)name).Distinct().Select(name => JsonValue.Create(name))]);
                }
                else if (keyword is "properties" or "allOf" && merged[keyword] is not null)
                {
                    if (!Unite(merged, keyword, value))
                    {
                        return null;
                    }
                }
                else if (merged[keyword] is { } same && !JsonNode.DeepEquals(same, value))
                {
                    return null;
                }
                else
                {
                    merged[keyword] = value?.DeepClone();
                }
            }
        }

        return merged;
    }

    private static bool Unite(JsonObject merged, string keyword, JsonNode? value)
    {
        switch (merged[keyword], value)
        {
            case (JsonArray list, JsonArray more):
                foreach (var item in more)
                {
                    list.Add(item?.DeepClone());
                }

                return true;
            case (JsonObject members, JsonObject more):
                foreach (var (name, member) in more)
                {
                    if (members[name] is { } known && !JsonNode.DeepEquals(known, member))
                    {
                        return false;
                    }

                    members[name] = member?.DeepClone();
                }

                return true;
            default:
                return false;
        }
    }
}
