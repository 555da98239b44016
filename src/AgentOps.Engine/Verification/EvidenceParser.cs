using AgentOps.Engine.Configuration;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>Reads <c>{tool, path, same}</c>: where a value must come from.</summary>
internal sealed class EvidenceParser(IReadOnlyList<ToolParameter> parameters)
{
    private enum Presence
    {
        Optional,
        Required,
    }

    /// <summary>Reads a source; null after an error.</summary>
    /// <param name="map">The mapping.</param>
    /// <param name="isMoney">Whether it gives money, which has a currency.</param>
    public EvidenceSource? Parse(YamlMap map, bool isMoney)
    {
        var tool = map.RequireString("tool");
        var path = Path(map, "path", Presence.Required);
        var source = new EvidenceSource
        {
            Tool = tool,
            Path = path!,
            Each = Path(map, "each", Presence.Optional),
            Within = map.GetDuration("within"),
            Expires = Path(map, "expires", Presence.Optional),
            Currency = isMoney ? Path(map, "currency", Presence.Required) : null,
        };
        var (arguments, output) = Same(map);
        if (source.Each is not null && output.Count == 0 && map.Has("same"))
        {
            map.Get("same")!.Error("one item of 'each' is found by a value of its own: add output.PATH: args.NAME");
        }

        return path is null ? null : source with { SameArguments = arguments, SameOutput = output };
    }

    /// <summary>The name of one of the tool's parameters, as the parameter is spelt; null after an error.</summary>
    public string? Parameter(YamlValue value, string name, IReadOnlyList<ParameterKind> kinds)
    {
        var found = parameters.FirstOrDefault(parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            var hint = YamlSuggestion.Hint(name, parameters.Select(parameter => parameter.Name).ToArray());
            value.Error($"'{name}' is no parameter of this tool{hint}");
            return null;
        }

        if (kinds.Count > 0 && !kinds.Contains(found.Type.Kind))
        {
            value.Error($"'{found.Name}' is a {found.Type}; a {string.Join(" or ", kinds.Select(kind => kind.ToString().ToLowerInvariant()))} is due here");
            return null;
        }

        return found.Name;
    }

    private (List<KeyValuePair<string, string>> Arguments, List<KeyValuePair<OutputPath, string>> Output) Same(YamlMap map)
    {
        var arguments = new List<KeyValuePair<string, string>>();
        var output = new List<KeyValuePair<OutputPath, string>>();
        var pairs = map.Require("same")?.AsMap()?.All() ?? [];
        foreach (var pair in pairs)
        {
            if (Argument(pair) is not { } ours)
            {
                continue;
            }

            if (!pair.Name.StartsWith(ConstraintWords.OutputPrefix, StringComparison.Ordinal))
            {
                arguments.Add(KeyValuePair.Create(pair.Name, ours));
            }
            else if (OutputPath.TryParse(pair.Name[ConstraintWords.OutputPrefix.Length..]) is { } path)
            {
                output.Add(KeyValuePair.Create(path, ours));
            }
            else
            {
                pair.Error($"'{pair.Name}': names joined by dots are due after 'output.'");
            }
        }

        if (pairs.Count == 0 && map.Has("same"))
        {
            map.Get("same")!.Error("'same' says how an answer is known to be about the same thing: at least one NAME: args.NAME, or output.PATH: args.NAME, is due");
        }

        return (arguments, output);
    }

    private string? Argument(YamlValue pair)
    {
        if (pair.AsString() is not { } text)
        {
            return null;
        }

        if (!text.StartsWith(ConstraintWords.ArgumentPrefix, StringComparison.Ordinal))
        {
            pair.Error($"'{text}': an argument of this tool such as args.{(parameters.Count > 0 ? parameters[0].Name : "Name")} is due");
            return null;
        }

        return Parameter(pair, text[ConstraintWords.ArgumentPrefix.Length..], []);
    }

    private static OutputPath? Path(YamlMap map, string key, Presence presence)
    {
        if ((presence == Presence.Required ? map.Require(key) : map.Get(key)) is not { } value || value.AsString() is not { } text)
        {
            return null;
        }

        if (OutputPath.TryParse(text) is { } path)
        {
            return path;
        }

        value.Error($"'{text}': a path such as offer.price is due, names joined by dots, without index or wildcard");
        return null;
    }
}
