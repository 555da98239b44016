using System.Text.Json;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Tools.Schemas;

/// <summary>
/// Reads parameters from a JSON Schema of type <c>object</c>, as Model Context Protocol servers and OpenAPI documents give them. What
/// the parameters can't say of a value (nested objects, unions) is told to the model in the description; whoever wrote the schema
/// still checks it. Nothing is read more narrowly or more widely than it is written.
/// </summary>
internal static class SchemaParameters
{
    private const int LongestSchema = 2000;

    /// <summary>The parameters, in the schema's order.</summary>
    public static IReadOnlyList<ToolParameter> Read(JsonElement schema)
    {
        var required = schema.Strings("required");
        return schema.Member("properties") is { ValueKind: JsonValueKind.Object } properties
            ? properties.EnumerateObject().Select(property => Read(property.Name, property.Value, required.Contains(property.Name, StringComparer.Ordinal))).ToArray()
            : [];
    }

    /// <summary>One parameter.</summary>
    public static ToolParameter Read(string name, JsonElement schema, bool isMandatory)
    {
        var type = TypeOf(schema);
        var isNumber = type.Kind is ParameterKind.Integer or ParameterKind.Decimal;
        return new ToolParameter(
            name,
            type,
            isMandatory,
            type.Kind == ParameterKind.String && schema.Strings("enum") is { Count: > 0 } allowed ? allowed : null,
            type.Kind == ParameterKind.String && schema.Text("pattern") is { } pattern ? Whole(pattern) : null,
            isNumber ? schema.Amount("minimum") : null,
            isNumber ? schema.Amount("maximum") : null,
            Describe(schema, type));
    }

    private static ParameterType TypeOf(JsonElement schema) => schema.Text("type") switch
    {
        "string" when schema.Text("format") is "date-time" => ParameterType.Date,
        "string" => ParameterType.String,
        "integer" => ParameterType.Integer,
        "number" => ParameterType.Decimal,
        "boolean" => ParameterType.Boolean,
        "array" when schema.Object("items") is { } items && TypeOf(items) is { Kind: not ParameterKind.Array } type => ParameterType.ArrayOf(type),
        "array" => ParameterType.ArrayOf(ParameterType.Object),
        _ => ParameterType.Object,
    };

    /// <summary>
    /// A pattern that is anchored at both ends, as ours are: for the whole text. Any other, and one that can't be matched without
    /// backtracking, is left to whoever wrote the schema.
    /// </summary>
    private static string? Whole(string pattern)
    {
        var inner = pattern.StartsWith("^(?:", StringComparison.Ordinal) && pattern.EndsWith(")$", StringComparison.Ordinal) ? pattern[4..^2]
            : pattern.StartsWith('^') && pattern.EndsWith('$') && !pattern.EndsWith("\\$", StringComparison.Ordinal) && !pattern.Contains('|', StringComparison.Ordinal) ? pattern[1..^1]
            : null;
        return inner is not null && PatternText.TryCompile(inner, out _, out _) ? inner : null;
    }

    private static string? Describe(JsonElement schema, ParameterType type)
    {
        var description = schema.Text("description");
        if (type.Kind != ParameterKind.Object && type.Items?.Kind != ParameterKind.Object)
        {
            return description;
        }

        var text = schema.GetRawText();
        return text.Length > LongestSchema ? description : $"{description} JSON Schema: {text}".TrimStart();
    }
}
