using System.Globalization;
using System.Text.Json.Nodes;

namespace AgentOps.Engine.Tools.OpenApi;

/// <summary>
/// Writes a schema of the document out as one JSON Schema without references, for one operation. A schema that holds itself is cut
/// where it begins again, one that is nested too deeply where a call could no longer hold it, and all that one operation unfolds to is bounded.
/// </summary>
internal sealed class OpenApiSchemas
{
    private const int MostValues = 20_000;

    // Far below what a call can hold (16 levels), and within what JSON readers take.
    private const int Deepest = 24;
    private const int LongestChain = 64;

    // Keywords whose members are schemas under free names, schemas, or lists of schemas; all others hold plain values.
    private static readonly HashSet<string> Maps = new(["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"], StringComparer.Ordinal);
    private static readonly HashSet<string> Singles = new(["items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties"], StringComparer.Ordinal);
    private static readonly HashSet<string> Lists = new(["allOf", "anyOf", "oneOf", "prefixItems"], StringComparer.Ordinal);

    // What says nothing about which values are right.
    private static readonly HashSet<string> Asides = new(["example", "examples", "xml", "externalDocs", "discriminator", "deprecated", "readOnly", "writeOnly", "$comment", "title", "$schema"], StringComparer.Ordinal);

    private static readonly HashSet<string> Unread = new(["$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$anchor", "$id", "$vocabulary"], StringComparer.Ordinal);

    private readonly Stack<string> _open = new();
    private int _values;
    private int _depth;

    /// <summary>One schema.</summary>
    /// <exception cref="Errors.AgentOpsException"><c>OperationNotSupported</c>, with the place.</exception>
    public JsonObject Write(OpenApiNode schema) => Expand(schema) as JsonObject ?? [];

    private JsonNode? Expand(OpenApiNode schema)
    {
        if (_depth >= Deepest || _open.Count >= LongestChain)
        {
            return new JsonObject { ["description"] = "Nested too deeply to be shown." };
        }

        _depth++;
        var json = ExpandHere(schema);
        _depth--;
        return json;
    }

    private JsonNode? ExpandHere(OpenApiNode schema)
    {
        if (++_values > MostValues)
        {
            throw schema.Refuse(string.Create(CultureInfo.InvariantCulture, $"the operation's schemas unfold to more than {MostValues} values"));
        }

        if (!schema.IsObject)
        {
            return schema.ToJson() is JsonValue value && value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False
                ? value
                : throw schema.Refuse("a schema is due");
        }

        if (schema.Text("$ref") is { } reference)
        {
            return Follow(schema, reference);
        }

        var json = new JsonObject();
        foreach (var (name, value) in schema.Members)
        {
            if (Unread.Contains(name))
            {
                throw value.Refuse($"the keyword '{name}' is not read");
            }

            if (!Asides.Contains(name) && !name.StartsWith("x-", StringComparison.Ordinal))
            {
                json[name] = Maps.Contains(name) ? Map(value)
                    : Singles.Contains(name) ? Expand(value)
                    : Lists.Contains(name) ? new JsonArray([.. value.Items.Select(Expand)])
                    : Plain(value);
            }
        }

        return WithoutAnswers(schema, Modern(json));
    }

    /// <summary>A reference; beside it, a description of its own stands (OpenAPI 3.1), and other keywords would change what it says.</summary>
    private JsonNode? Follow(OpenApiNode schema, string reference)
    {
        foreach (var (name, value) in schema.Members)
        {
            if (name is not ("$ref" or "description" or "summary" or "nullable" or "default") && !Asides.Contains(name) && !name.StartsWith("x-", StringComparison.Ordinal))
            {
                throw value.Refuse($"the keyword '{name}' beside a reference is not read; put both under allOf");
            }
        }

        if (_open.Contains(reference))
        {
            return new JsonObject { ["description"] = $"Again as {reference[(reference.LastIndexOf('/') + 1)..]} above." };
        }

        _open.Push(reference);
        _depth--;
        var json = Expand(schema.File.Resolve(reference, schema));
        _depth++;
        _open.Pop();
        if (json is JsonObject written && schema.Text("description") is { } description)
        {
            written["description"] = description;
        }

        return json;
    }

    private JsonObject Map(OpenApiNode schemas)
    {
        var json = new JsonObject();
        foreach (var (name, value) in schemas.Members)
        {
            json[name] = Expand(value);
        }

        return json;
    }

    private JsonNode? Plain(OpenApiNode value)
    {
        _values += value.Items.Count();
        return value.ToJson();
    }

    /// <summary>The two keywords of OpenAPI 3.0 that JSON Schema spells otherwise now.</summary>
    private static JsonObject Modern(JsonObject json)
    {
        if (json.Remove("nullable", out var nullable) && nullable is JsonValue isNullable && isNullable.TryGetValue(out bool holds) && holds
            && json["type"] is JsonValue type && type.TryGetValue(out string? name))
        {
            json["type"] = new JsonArray(name, "null");
        }

        foreach (var (keyword, bound) in new[] { ("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum") })
        {
            if (json[keyword] is JsonValue value && value.TryGetValue(out bool excludes))
            {
                json.Remove(keyword);
                if (excludes && json.Remove(bound, out var limit))
                {
                    json[keyword] = limit;
                }
            }
        }

        return json;
    }

    /// <summary>Members that only answers have (<c>readOnly</c>) are never sent.</summary>
    private static JsonObject WithoutAnswers(OpenApiNode schema, JsonObject json)
    {
        foreach (var (name, _) in (schema.Raw("properties")?.Members ?? []).Where(member => member.Value.Follow().Flag("readOnly")))
        {
            json["properties"]!.AsObject().Remove(name);
            if (json["required"] is JsonArray required)
            {
                json["required"] = new JsonArray([.. required.Where(item => (string?)item != name).Select(item => item?.DeepClone())]);
            }
        }

        return json;
    }
}
