using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools.Http;
using AgentOps.Engine.Tools.Schemas;

namespace AgentOps.Engine.Tools.OpenApi;

/// <summary>
/// The parameters and the body of one operation as parameters of a tool, and how each is sent. A body that is a plain object becomes
/// one parameter a member, so that permissions can speak of them; any other is one parameter.
/// </summary>
internal sealed partial class OpenApiArguments
{
    private const string Body = "body";
    private const int LongestName = 64;

    private readonly OpenApiOperation _operation;
    private readonly OpenApiSchemas _schemas = new();
    private readonly List<ToolParameter> _parameters = [];
    private readonly List<HttpPart> _parts = [];
    private readonly Dictionary<string, string> _inPath = new(StringComparer.Ordinal);

    /// <summary>Reads an operation.</summary>
    /// <exception cref="Errors.AgentOpsException"><c>OperationNotSupported</c>, with the place.</exception>
    public OpenApiArguments(OpenApiOperation operation)
    {
        _operation = operation;
        foreach (var parameter in Declared())
        {
            Add(parameter);
        }

        if (operation.Operation.Get("requestBody") is { } body)
        {
            AddBody(body);
        }
    }

    /// <summary>What the model can give.</summary>
    public IReadOnlyList<ToolParameter> Parameters => _parameters;

    /// <summary>Where each goes that is not in the path.</summary>
    public IReadOnlyList<HttpPart> Parts => _parts;

    /// <summary>Whether a body is sent in any case.</summary>
    public bool NeedsBody { get; private set; }

    /// <summary>The media type of the body.</summary>
    public string ContentType { get; private set; } = "application/json";

    /// <summary>The path with the tool's own names for what is filled in.</summary>
    public string Path() => Placeholder().Replace(_operation.Path, match => _inPath.TryGetValue(match.Groups[1].Value, out var name)
        ? $"{{{name}}}"
        : throw _operation.Operation.Refuse($"the path's '{match.Value}' is none of the operation's parameters"));

    /// <summary>The parameters of the path and of the operation, which override those of the same name and place.</summary>
    private Dictionary<(string?, string?), OpenApiNode>.ValueCollection Declared()
    {
        var all = new Dictionary<(string?, string?), OpenApiNode>();
        foreach (var parameter in (_operation.PathItem.Get("parameters")?.Items ?? []).Concat(_operation.Operation.Get("parameters")?.Items ?? []).Select(parameter => parameter.Follow()))
        {
            all[(parameter.Text("name"), parameter.Text("in"))] = parameter;
        }

        return all.Values;
    }

    private void Add(OpenApiNode parameter)
    {
        var name = parameter.Text("name") ?? throw parameter.Refuse("a parameter without a name");
        var place = parameter.Text("in");
        if (place == "header" && name.ToLowerInvariant() is "accept" or "content-type" or "authorization")
        {
            return; // The specification says that these are to be ignored.
        }

        if (parameter.Get("schema") is null)
        {
            throw parameter.Refuse($"the parameter '{name}' has no schema (a parameter with 'content' is not supported)");
        }

        var schema = OpenApiShape.Plain(_schemas.Write(parameter.Raw("schema")!.Value));
        if (parameter.Text("description") is { } description)
        {
            schema["description"] = description;
        }

        var read = Read(parameter, Name(name, place ?? "any", parameter), schema, isMandatory: place == "path" || parameter.Flag("required"));
        if (read.Type.Kind == ParameterKind.Object || read.Type.Items?.Kind == ParameterKind.Object)
        {
            throw parameter.Refuse($"the parameter '{name}' is no single value and no list of them; objects are only sent in a body");
        }

        switch (place)
        {
            case "path" when parameter.Text("style") is null or "simple":
                _inPath[name] = read.Name;
                break;
            case "query":
                _parts.Add(new HttpPart(read.Name, HttpPartPlace.Query, name, Separator(parameter, name)));
                break;
            case "header" when HttpCall.IsOwnField(name):
                throw parameter.Refuse($"the header field '{name}' is not for a tool to set");
            case "header":
                _parts.Add(new HttpPart(read.Name, HttpPartPlace.Header, name));
                break;
            default:
                throw parameter.Refuse($"the parameter '{name}' in '{place}'{(parameter.Text("style") is { } style ? $" of the style '{style}'" : string.Empty)} is not supported");
        }

        _parameters.Add(read);
    }

    private static string? Separator(OpenApiNode parameter, string name)
    {
        var style = parameter.Text("style") ?? "form";
        var isApart = parameter.Text("explode") is { } explode ? explode == "true" : style == "form";
        return (style, isApart) switch
        {
            ("form", true) => null,
            ("form", false) => ",",
            ("spaceDelimited", false) => " ",
            ("pipeDelimited", false) => "|",
            _ => throw parameter.Refuse($"the parameter '{name}' of the style '{style}'{(isApart ? ", exploded," : string.Empty)} is not supported"),
        };
    }

    private void AddBody(OpenApiNode body)
    {
        if (_operation.Method is "GET" or "HEAD" or "DELETE")
        {
            throw body.Refuse($"a body of {_operation.Method} has no meaning in HTTP");
        }

        var media = body.Get("content")?.Members.Where(member => IsJson(member.Name)).Cast<(string Name, OpenApiNode Value)?>().FirstOrDefault()
            ?? throw body.Refuse($"its body is {string.Join(" or ", body.Get("content")?.Members.Select(member => member.Name) ?? [])}; only JSON is sent");
        ContentType = media.Name.Split(';')[0].Trim();
        var isRequired = body.Flag("required");
        var schema = media.Value.Raw("schema") is { } given ? OpenApiShape.Plain(_schemas.Write(given)) : [];
        if (OpenApiShape.IsPlainObject(schema))
        {
            NeedsBody = isRequired;
            var required = schema["required"] is JsonArray names ? names.Select(item => (string?)item).ToHashSet(StringComparer.Ordinal) : [];
            foreach (var (name, member) in schema["properties"]!.AsObject())
            {
                var own = Name(name, Body, body);
                _parameters.Add(Read(body, own, member is JsonObject one ? OpenApiShape.Plain((JsonObject)one.DeepClone()) : [], isRequired && required.Contains(name)));
                _parts.Add(new HttpPart(own, HttpPartPlace.Member, name));
            }

            return;
        }

        var whole = Name(Body, "whole", body);
        if (body.Text("description") is { } description)
        {
            schema["description"] = description;
        }

        _parameters.Add(Read(body, whole, schema, isRequired));
        _parts.Add(new HttpPart(whole, HttpPartPlace.Content, whole));
    }

    private static ToolParameter Read(OpenApiNode at, string name, JsonObject schema, bool isMandatory)
    {
        using var document = JsonDocument.Parse(schema.ToJsonString());
        var parameter = SchemaParameters.Read(name, document.RootElement, isMandatory);
        return parameter.Min > parameter.Max ? throw at.Refuse($"'{name}' has a minimum above its maximum") : parameter;
    }

    /// <summary>A name of letters, digits and underscores that nothing else has, in whatever casing, and that PowerShell does not keep for itself.</summary>
    private string Name(string name, string place, OpenApiNode at)
    {
        var plain = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')).Trim('_');
        foreach (var candidate in new[] { plain, $"{place}_{plain}" })
        {
            if (candidate.Length is > 0 and <= LongestName && char.IsAsciiLetter(candidate[0]) && !ArgumentBinder.IsReserved(candidate)
                && !_parameters.Exists(parameter => parameter.Name.Equals(candidate, StringComparison.OrdinalIgnoreCase)))
            {
                return candidate;
            }
        }

        throw at.Refuse($"no name for the parameter '{name}' is left");
    }

    private static bool IsJson(string media)
    {
        var type = media.Split(';')[0].Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || (!type.Contains('*', StringComparison.Ordinal) && type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
    }

    [GeneratedRegex(@"\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
