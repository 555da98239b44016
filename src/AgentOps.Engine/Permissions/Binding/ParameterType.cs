using System.Text.Json.Nodes;

namespace AgentOps.Engine.Permissions;

/// <summary>The type of a tool's parameter.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Items">The type of the items of an array; null otherwise.</param>
public sealed record ParameterType(ParameterKind Kind, ParameterType? Items = null)
{
    /// <summary>A text.</summary>
    public static ParameterType String { get; } = new(ParameterKind.String);

    /// <summary>A whole number.</summary>
    public static ParameterType Integer { get; } = new(ParameterKind.Integer);

    /// <summary>An exact decimal.</summary>
    public static ParameterType Decimal { get; } = new(ParameterKind.Decimal);

    /// <summary>True or false.</summary>
    public static ParameterType Boolean { get; } = new(ParameterKind.Boolean);

    /// <summary>A time.</summary>
    public static ParameterType Date { get; } = new(ParameterKind.Date);

    /// <summary>A path.</summary>
    public static ParameterType Path { get; } = new(ParameterKind.Path);

    /// <summary>Free JSON.</summary>
    public static ParameterType Object { get; } = new(ParameterKind.Object);

    /// <summary>A list.</summary>
    /// <param name="items">The type of its items.</param>
    public static ParameterType ArrayOf(ParameterType items) => new(ParameterKind.Array, items);

    /// <summary>How the type is called in messages.</summary>
    public override string ToString() => Kind switch
    {
        ParameterKind.String => "text",
        ParameterKind.Integer => "whole number",
        ParameterKind.Decimal => "decimal",
        ParameterKind.Boolean => "true or false",
        ParameterKind.Date => "time",
        ParameterKind.Path => "path",
        ParameterKind.Array => $"list of {Items?.ToString() ?? "values"}",
        _ => "object",
    };

    /// <summary>The JSON Schema that a model is shown.</summary>
    public JsonObject ToJsonSchema() => Kind switch
    {
        ParameterKind.Integer => new JsonObject { ["type"] = "integer" },
        ParameterKind.Decimal => new JsonObject { ["type"] = "string", ["pattern"] = @"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$" },
        ParameterKind.Boolean => new JsonObject { ["type"] = "boolean" },
        ParameterKind.Date => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        ParameterKind.Array => new JsonObject { ["type"] = "array", ["items"] = (Items ?? String).ToJsonSchema() },
        ParameterKind.Object => new JsonObject { ["type"] = "object" },
        _ => new JsonObject { ["type"] = "string" },
    };
}
