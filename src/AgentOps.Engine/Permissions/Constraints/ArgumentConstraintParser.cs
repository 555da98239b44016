using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>Reads argument constraints.</summary>
internal static class ArgumentConstraintParser
{
    public static IReadOnlyDictionary<string, ArgumentConstraint>? ParseAll(YamlMap rule, string key)
    {
        if (rule.GetMap(key) is not { } map)
        {
            return null;
        }

        var constraints = new SortedDictionary<string, ArgumentConstraint>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in map.All())
        {
            if (value.AsMap() is not { } constraintMap || Parse(constraintMap, allowArray: true) is not { } constraint)
            {
                continue;
            }

            if (!constraints.TryAdd(value.Name, constraint))
            {
                value.Error($"the argument '{value.Name}' is constrained twice; casing makes no difference");
            }
        }

        return constraints;
    }

    private static ArgumentConstraint? Parse(YamlMap map, bool allowArray)
    {
        var type = map.RequireOneOf(PolicyWords.ConstraintTypes);
        ArgumentConstraint? constraint = type switch
        {
            "string" => ParseString(map),
            "integer" => Ordered(map, new IntegerConstraint
            {
                In = map.Has("in") ? [.. map.GetList("in").Select(item => item.AsInteger()).OfType<long>()] : null,
                Min = map.GetInteger("min"),
                Max = map.GetInteger("max"),
            }),
            "decimal" => Ordered(map, new DecimalConstraint { Min = map.GetDecimal("min"), Max = map.GetDecimal("max") }),
            "boolean" => new BooleanConstraint { Is = map.GetBoolean("is") },
            "date" => Ordered(map, new DateConstraint { Min = map.GetTime("min"), Max = map.GetTime("max") }),
            "path" => ParsePath(map),
            "array" => ParseArray(map, allowArray),
            _ => null,
        };

        var optional = allowArray && (map.GetBoolean("optional") ?? false);
        return constraint is null ? null : constraint with { IsOptional = optional };
    }

    private static StringConstraint ParseString(YamlMap map)
    {
        var constraint = new StringConstraint
        {
            In = map.Has("in") ? map.GetStrings("in") : null,
            Pattern = map.GetString("pattern"),
            MaxLength = (int?)map.GetInteger("maxLength", 0, int.MaxValue),
        };
        if (constraint.Pattern is { } pattern && !PatternText.TryCompile(pattern, out _, out var problem))
        {
            map.Get("pattern")!.Error($"the pattern does not compile: {problem}");
        }

        return constraint;
    }

    private static PathConstraint? ParsePath(YamlMap map)
    {
        var roots = new List<string>();
        if (map.Get("root") is { } single)
        {
            AddRoot(single, roots);
        }

        foreach (var item in map.GetList("roots"))
        {
            AddRoot(item, roots);
        }

        if (!map.Has("root") && !map.Has("roots"))
        {
            map.Error("a path needs 'root' or 'roots'");
        }

        return roots.Count == 0 ? null : new PathConstraint { Roots = roots };
    }

    private static void AddRoot(YamlValue value, List<string> roots)
    {
        if (value.AsString() is not { } root)
        {
            return;
        }

        if (!Path.IsPathFullyQualified(root) || LiteralCheck.PathRefusal(root) is not null)
        {
            value.Error($"the root '{root}' must be an absolute path");
            return;
        }

        roots.Add(root);
    }

    private static ArrayConstraint? ParseArray(YamlMap map, bool allowArray)
    {
        if (!allowArray)
        {
            map.Error("a list of lists can't be constrained");
            return null;
        }

        var maxItems = (int?)map.GetInteger("maxItems", 0, int.MaxValue);
        if (map.Require("items")?.AsMap() is not { } items || Parse(items, allowArray: false) is not { } constraint)
        {
            return null;
        }

        return new ArrayConstraint { Items = constraint, MaxItems = maxItems };
    }

    private static ArgumentConstraint Ordered(YamlMap map, ArgumentConstraint constraint)
    {
        var empty = constraint switch
        {
            IntegerConstraint integer => integer.Max < integer.Min,
            DecimalConstraint number => number.Max < number.Min,
            DateConstraint date => date.Max < date.Min,
            _ => false,
        };
        if (empty)
        {
            map.Error("min is above max: nothing could ever match");
        }

        return constraint;
    }

    private static string? RequireOneOf(this YamlMap map, IReadOnlyList<(string Word, string Value)> words) => map.RequireOneOf("type", words);
}
