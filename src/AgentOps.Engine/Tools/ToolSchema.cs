using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tools;

/// <summary>What the model is told of a tool, and the digest that a permission can be pinned to.</summary>
public static class ToolSchema
{
    private static readonly ConditionalWeakTable<ToolDefinition, string> Digests = [];

    /// <summary>The JSON Schema of the tool's arguments: an object that takes no other members.</summary>
    public static JsonObject ToJsonSchema(IReadOnlyList<ToolParameter> parameters)
    {
        var properties = new JsonObject();
        foreach (var parameter in parameters)
        {
            properties[parameter.Name] = Property(parameter);
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false }
            .With("required", parameters.Where(parameter => parameter.IsMandatory).Select(parameter => parameter.Name).ToArray());
    }

    /// <summary>SHA-256, in hex, over the tool's canonical JSON; made once of each definition.</summary>
    internal static string Digest(ToolDefinition tool) => Digests.GetValue(tool, static tool =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tool.ToJson().ToJsonString()))));

    internal static JsonObject ParameterToJson(ToolParameter parameter) => new JsonObject()
        .With("name", parameter.Name)
        .With("type", TypeName(parameter.Type))
        .With("mandatory", parameter.IsMandatory)
        .With("in", parameter.AllowedValues ?? [])
        .With("pattern", parameter.Pattern)
        .With("min", parameter.Min)
        .With("max", parameter.Max)
        .With("description", parameter.Description)
        .With("literals", parameter.Literals == LiteralRules.None ? null : (long)parameter.Literals);

    /// <summary>Reads one parameter from its canonical JSON.</summary>
    /// <exception cref="JsonException">Name or type is missing or unknown.</exception>
    public static ToolParameter ParameterFromJson(JsonElement element)
    {
        var name = element.RequiredText("type");
        return new ToolParameter(
            element.RequiredText("name"),
            ParseType(name) ?? throw new JsonException($"'{name}' is no type; there are string, integer, decimal, boolean, date, path, and lists such as string[]"),
            element.Flag("mandatory"),
            element.Strings("in") is { Count: > 0 } allowed ? allowed : null,
            element.Text("pattern"),
            element.Amount("min"),
            element.Amount("max"),
            element.Text("description"))
        {
            Literals = (LiteralRules)(element.Integer("literals") ?? 0),
        };
    }

    /// <summary>The name of a type: <c>string</c>, <c>integer</c>, …, and <c>string[]</c> for a list of them.</summary>
    internal static string TypeName(ParameterType type) => type.Kind == ParameterKind.Array
        ? TypeName(type.Items ?? ParameterType.String) + "[]"
        : type.Kind.ToString().ToLowerInvariant();

    /// <summary>The type of a name; null when there is none of that name.</summary>
    internal static ParameterType? ParseType(string name)
    {
        if (name.EndsWith("[]", StringComparison.Ordinal))
        {
            return ParseType(name[..^2]) is { } items ? ParameterType.ArrayOf(items) : null;
        }

        return name switch
        {
            "string" => ParameterType.String,
            "integer" => ParameterType.Integer,
            "decimal" => ParameterType.Decimal,
            "boolean" => ParameterType.Boolean,
            "date" => ParameterType.Date,
            "path" => ParameterType.Path,
            "object" => ParameterType.Object,
            _ => null,
        };
    }

    private static JsonObject Property(ToolParameter parameter)
    {
        var schema = parameter.Type.ToJsonSchema();
        if (parameter.AllowedValues is { Count: > 0 } allowed)
        {
            schema.With("enum", allowed.ToArray());
        }

        if (parameter.Pattern is { } pattern)
        {
            schema["pattern"] = $"^(?:{pattern})$";
        }

        if (parameter.Type.Kind == ParameterKind.Integer)
        {
            schema.With("minimum", (long?)parameter.Min).With("maximum", (long?)parameter.Max);
        }

        return schema.With("description", Describe(parameter));
    }

    /// <summary>Bounds that JSON Schema can't say of a decimal written as a string are said in words.</summary>
    private static string? Describe(ToolParameter parameter)
    {
        if (parameter.Type.Kind != ParameterKind.Decimal || (parameter.Min is null && parameter.Max is null))
        {
            return parameter.Description;
        }

        var bounds = string.Create(CultureInfo.InvariantCulture, $"From {parameter.Min?.ToString(CultureInfo.InvariantCulture) ?? "any"} to {parameter.Max?.ToString(CultureInfo.InvariantCulture) ?? "any"}.");
        return parameter.Description is null ? bounds : $"{parameter.Description} {bounds}";
    }
}
