using System.Text.Json;
using System.Text.RegularExpressions;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Invocation;

/// <summary>Reads a schema and all that it refers to. A keyword that is not known, or not of its kind, is an error with its place.</summary>
internal sealed class SchemaReader
{
    private static readonly string[] Asides =
        ["$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "format", "deprecated", "readOnly", "writeOnly"];

    private static readonly string[] Known =
    [
        "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
        "minItems", "maxItems", "uniqueItems", "prefixItems", "items", "properties", "required", "additionalProperties", "minProperties", "maxProperties",
        "allOf", "anyOf", "oneOf", "not", "$ref",
    ];

    private static readonly string[] TypeNames = ["object", "array", "string", "number", "integer", "boolean", "null"];

    private readonly JsonElement _document;
    private readonly Dictionary<string, SchemaNode> _read = new(StringComparer.Ordinal);

    public SchemaReader(JsonElement document)
    {
        _document = document;
        Root = Read(document, "#");
    }

    /// <summary>The schema.</summary>
    public SchemaNode Root { get; }

    private SchemaNode Read(JsonElement schema, string at)
    {
        if (_read.TryGetValue(at, out var known))
        {
            return known;
        }

        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return _read[at] = new SchemaNode { IsNever = schema.ValueKind == JsonValueKind.False };
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            throw Invalid(at, "a schema is due: an object, true or false");
        }

        var node = _read[at] = new SchemaNode();
        foreach (var member in schema.EnumerateObject())
        {
            Read(node, member.Name, member.Value, $"{at}/{Escape(member.Name)}");
        }

        return node;
    }

    private void Read(SchemaNode node, string keyword, JsonElement value, string at)
    {
        switch (keyword)
        {
            case "$ref":
                node.Reference = Resolve(Text(value, at), at);
                break;
            case "type":
                node.Types = value.ValueKind == JsonValueKind.Array ? Texts(value, at) : [Text(value, at)];
                if (node.Types.FirstOrDefault(type => !TypeNames.Contains(type, StringComparer.Ordinal)) is { } unknown)
                {
                    throw Invalid(at, $"'{unknown}' is no type{YamlSuggestion.Hint(unknown, TypeNames)}");
                }

                break;
            case "enum":
                node.Values = Both(node.Values, List(value, at));
                break;
            case "const":
                node.Values = Both(node.Values, [value]);
                break;
            case "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf":
                ReadNumber(node, keyword, value, at);
                break;
            case "minLength" or "maxLength" or "minItems" or "maxItems" or "minProperties" or "maxProperties":
                ReadCount(node, keyword, value, at);
                break;
            case "pattern":
                node.Pattern = Pattern(Text(value, at), at);
                break;
            case "uniqueItems":
                node.UniqueItems = value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Invalid(at, "true or false is due");
                break;
            case "required":
                node.Required = Texts(value, at);
                break;
            case "properties":
                node.Properties = Map(value, at);
                break;
            case "$defs" or "definitions":
                Map(value, at);
                break;
            case "items" or "additionalProperties" or "not":
                var one = Read(value, at);
                (node.Items, node.OtherProperties, node.Not) = keyword == "items" ? (one, node.OtherProperties, node.Not)
                    : keyword == "not" ? (node.Items, node.OtherProperties, one)
                    : (node.Items, one, node.Not);
                break;
            case "prefixItems":
                node.PrefixItems = Schemas(value, at);
                break;
            case "allOf":
                node.All = Schemas(value, at);
                break;
            case "anyOf":
                node.Any = Schemas(value, at);
                break;
            case "oneOf":
                node.One = Schemas(value, at);
                break;
            default:
                if (!Asides.Contains(keyword, StringComparer.Ordinal))
                {
                    throw Invalid(at, $"the keyword '{keyword}' is not supported{YamlSuggestion.Hint(keyword, Known)}");
                }

                break;
        }
    }

    private static void ReadNumber(SchemaNode node, string keyword, JsonElement value, string at)
    {
        var number = value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var given) ? given : throw Invalid(at, "a number is due");
        switch (keyword)
        {
            case "minimum":
                node.Minimum = number;
                break;
            case "maximum":
                node.Maximum = number;
                break;
            case "exclusiveMinimum":
                node.AboveMinimum = number;
                break;
            case "exclusiveMaximum":
                node.BelowMaximum = number;
                break;
            default:
                node.MultipleOf = number > 0 ? number : throw Invalid(at, "a number above zero is due");
                break;
        }
    }

    private static void ReadCount(SchemaNode node, string keyword, JsonElement value, string at)
    {
        var count = value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var given) && given >= 0 ? given : throw Invalid(at, "a whole number of zero or more is due");
        switch (keyword)
        {
            case "minLength":
                node.MinLength = count;
                break;
            case "maxLength":
                node.MaxLength = count;
                break;
            case "minItems":
                node.MinItems = count;
                break;
            case "maxItems":
                node.MaxItems = count;
                break;
            case "minProperties":
                node.MinProperties = count;
                break;
            default:
                node.MaxProperties = count;
                break;
        }
    }

    /// <summary>Patterns match anywhere in the text, without backtracking.</summary>
    private static Regex Pattern(string pattern, string at)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw Invalid(at, $"the pattern can't be used: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>A place of this very document: <c>#</c> and a JSON Pointer.</summary>
    private SchemaNode Resolve(string reference, string at)
    {
        if (reference != "#" && !reference.StartsWith("#/", StringComparison.Ordinal))
        {
            throw Invalid(at, $"the reference '{reference}' leads out of the schema");
        }

        var found = _document;
        foreach (var step in reference.Split('/').Skip(1))
        {
            var name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (found.ValueKind == JsonValueKind.Array && int.TryParse(name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index) && index < found.GetArrayLength())
            {
                found = found[index];
            }
            else if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
            {
                throw Invalid(at, $"the reference '{reference}' leads nowhere");
            }
        }

        return Read(found, reference);
    }

    private Dictionary<string, SchemaNode> Map(JsonElement value, string at) => value.ValueKind == JsonValueKind.Object
        ? value.EnumerateObject().ToDictionary(member => member.Name, member => Read(member.Value, $"{at}/{Escape(member.Name)}"), StringComparer.Ordinal)
        : throw Invalid(at, "an object of schemas is due");

    private SchemaNode[] Schemas(JsonElement value, string at) => [.. List(value, at).Select((schema, index) => Read(schema, FormattableString.Invariant($"{at}/{index}")))];

    private static JsonElement[] List(JsonElement value, string at) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
        ? [.. value.EnumerateArray()]
        : throw Invalid(at, "a list with at least one item is due");

    // A schema may have both enum and const.
    private static IReadOnlyList<JsonElement> Both(IReadOnlyList<JsonElement>? one, IReadOnlyList<JsonElement> other) => one is null
        ? other
        : [.. one.Where(value => other.Any(also => JsonElement.DeepEquals(value, also)))];

    private static string[] Texts(JsonElement value, string at) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select(item => Text(item, at))]
        : throw Invalid(at, "a list of texts is due");

    private static string Text(JsonElement value, string at) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Invalid(at, "a text is due");

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static AgentOpsException Invalid(string at, string why) => new(ErrorCodes.OutputSchemaInvalid, $"The schema of the answer, at {at}: {why}{(why.EndsWith('?') ? string.Empty : ".")}", at);
}
