using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>Reads the conditions under <c>when</c>.</summary>
internal static class ConditionParser
{
    public static IReadOnlyList<Condition> ParseAll(YamlMap rule)
    {
        var conditions = new List<Condition>();
        foreach (var map in rule.GetMaps("when"))
        {
            if (map.Has("history"))
            {
                if (map.GetMap("history") is { } history && ParseHistory(history) is { } condition)
                {
                    conditions.Add(condition);
                }
            }
            else if (map.Has("fact"))
            {
                if (ParseFact(map) is { } condition)
                {
                    conditions.Add(condition);
                }
            }
            else
            {
                map.Error("a condition tests a 'fact' or the 'history'");
            }
        }

        return conditions;
    }

    private static FactCondition? ParseFact(YamlMap map)
    {
        var fact = map.RequireString("fact");
        var used = PolicyWords.FactOperators.Where(pair => map.Has(pair.Word)).ToList();
        if (used.Count != 1)
        {
            map.Error($"the condition on '{fact}' needs exactly one of {string.Join(", ", PolicyWords.FactOperators.Select(pair => pair.Word))}");
            return null;
        }

        var (word, factOperator) = used[0];
        var value = map.Get(word)!;
        var many = factOperator is FactOperator.AnyOf or FactOperator.NoneOf or FactOperator.AllOf;
        var values = new List<ArgumentValue>();
        foreach (var item in many ? value.AsList() ?? [] : [value])
        {
            if (ParseValue(item) is { } parsed)
            {
                values.Add(parsed);
            }
        }

        return values.Count == 0 ? Nothing(value) : new FactCondition(fact, factOperator, values);
    }

    private static FactCondition? Nothing(YamlValue value)
    {
        value.Error($"'{value.Name}' needs a value");
        return null;
    }

    private static ArgumentValue? ParseValue(YamlValue value)
    {
        if (!value.IsScalar || value.IsNull)
        {
            value.Error($"'{value.Name}': a single value is due");
            return null;
        }

        return value.ToJson() switch
        {
            { } json when json.GetValueKind() is System.Text.Json.JsonValueKind.True => ArgumentValue.From(true),
            { } json when json.GetValueKind() is System.Text.Json.JsonValueKind.False => ArgumentValue.From(false),
            _ => value.AsString() is { } text ? ArgumentValue.From(text) : null,
        };
    }

    private static HistoryCondition? ParseHistory(YamlMap map)
    {
        var same = new List<KeyValuePair<string, string>>();
        foreach (var pair in map.GetMap("same")?.All() ?? [])
        {
            if (pair.AsString() is not { } reference)
            {
                continue;
            }

            if (reference.StartsWith(PolicyWords.ArgumentPrefix, StringComparison.Ordinal) && reference.Length > PolicyWords.ArgumentPrefix.Length)
            {
                same.Add(KeyValuePair.Create(pair.Name, reference[PolicyWords.ArgumentPrefix.Length..]));
            }
            else
            {
                pair.Error($"'{reference}' must name an argument of this call, such as args.{pair.Name}");
            }
        }

        var atMost = (int?)map.GetInteger("atMost", 0, 1_000_000);
        return new HistoryCondition
        {
            Tool = map.RequireString("tool"),
            Outcome = map.GetOneOf<string?>("outcome", PolicyWords.Outcomes!, null),
            Within = map.Require("within")?.AsDuration() ?? TimeSpan.FromHours(1),
            Same = [.. same.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)],
            SameSession = map.GetBoolean("sameSession") ?? false,
            AtLeast = (int?)map.GetInteger("atLeast", 0, 1_000_000) ?? (atMost is null ? 1 : 0),
            AtMost = atMost,
        };
    }
}
