using System.Text.Json.Nodes;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Hosting;

/// <summary>
/// Constraints on arguments as a user writes them, in the words of the policy language: keys in any casing, one value or a list
/// in place of <c>in</c>, and the type taken from the tool where it is left out.
/// </summary>
internal static class ArgumentRules
{
    private static readonly string[] Keys = ["type", "in", "pattern", "maxLength", "min", "max", "is", "root", "roots", "items", "maxItems", "optional"];
    private static readonly HashSet<string> Lists = new(StringComparer.Ordinal) { "in", "roots" };

    /// <summary>The parameters of the one tool that resources name; null where they name no one tool that is known.</summary>
    public static IReadOnlyList<ToolParameter>? ParametersOf(WorkspaceState state, IReadOnlyList<string> resources)
    {
        const string prefix = "tool:";
        return resources is [var only] && only.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            ? state.Tools.GetValueOrDefault(only[prefix.Length..].Split('@')[0])?.Definition.Parameters
            : null;
    }

    /// <summary>Arguments in which one value for a list parameter is a list of one, as PowerShell itself would take it.</summary>
    public static JsonObject Listed(JsonObject arguments, IReadOnlyList<ToolParameter>? parameters)
    {
        var lists = parameters?.Where(parameter => parameter.Type.Kind == ParameterKind.Array).Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        foreach (var (name, value) in arguments.ToArray())
        {
            if (value is JsonValue && lists.Contains(name))
            {
                arguments[name] = new JsonArray(value.DeepClone());
            }
        }

        return arguments;
    }

    /// <summary>The constraints in canonical words.</summary>
    /// <param name="given">Constraints by argument.</param>
    /// <param name="parameters">The parameters of the one tool that the rule speaks of; null where it speaks of more, or of none that is known.</param>
    public static JsonObject Spell(JsonObject given, IReadOnlyList<ToolParameter>? parameters)
    {
        var result = new JsonObject();
        foreach (var (name, value) in given)
        {
            var type = parameters?.FirstOrDefault(parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase))?.Type;
            result[name] = value is JsonObject table ? Constraint(table, type) : Constraint(new JsonObject { ["in"] = value?.DeepClone() }, type);
        }

        return result;
    }

    private static JsonObject Constraint(JsonObject given, ParameterType? type)
    {
        var rule = new JsonObject();
        foreach (var (key, value) in given)
        {
            // An unknown key stays as it is: the language itself names it, and the nearest that it knows.
            var word = Keys.FirstOrDefault(known => string.Equals(known, key, StringComparison.OrdinalIgnoreCase)) ?? key;
            rule[word] = value switch
            {
                JsonObject items when word == "items" => Constraint(items, type?.Items),
                JsonValue one when Lists.Contains(word) => new JsonArray(one.DeepClone()),
                _ => value?.DeepClone(),
            };
        }

        return rule.ContainsKey("type") || type is null ? rule : Typed(rule, type);
    }

    private static JsonObject Typed(JsonObject rule, ParameterType type)
    {
        if (type.Kind == ParameterKind.Array)
        {
            // A constraint on a list without a word of its items speaks of each item.
            var optional = rule["optional"]?.DeepClone();
            rule.Remove("optional");
            var list = new JsonObject { ["type"] = "array", ["items"] = Typed(rule, type.Items ?? ParameterType.String) };
            if (optional is not null)
            {
                list["optional"] = optional;
            }

            return list;
        }

        // A path among listed texts is compared as text; only roots make it a path.
        var hasRoots = rule.ContainsKey("root") || rule.ContainsKey("roots");
        rule["type"] = type.Kind switch
        {
            ParameterKind.Path => hasRoots ? "path" : "string",
            ParameterKind.Object => "string",
            _ => type.Kind.ToString().ToLowerInvariant(),
        };
        if (type.Kind == ParameterKind.Boolean && rule["in"] is JsonArray { Count: 1 } truth)
        {
            rule["is"] = truth[0]?.DeepClone();
            rule.Remove("in");
        }

        return rule;
    }
}
