using System.Buffers;
using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>Reads rules from configuration documents.</summary>
internal static class PolicyRuleParser
{
    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Reads one rule with its id; null after an error that leaves none.</summary>
    public static PolicyRule? Parse(YamlMap map, RuleSubjects subjects, RuleValidity validity, string? policy) =>
        Parse(map, map.RequireString("id"), subjects, validity, policy);

    /// <summary>Reads one rule whose id stands elsewhere; null after an error that leaves none.</summary>
    public static PolicyRule? Parse(YamlMap map, string id, RuleSubjects subjects, RuleValidity validity, string? policy)
    {
        if (id.Length > 0 && !IsId(id))
        {
            (map.Get("id") ?? map.Get("name"))!.Error($"the id '{id}' may hold letters, digits, '-', '_' and '.', at most 100");
        }

        var hasEffect = TryEffect(map, out var effect);
        var resources = ParseResources(map, effect);
        var rule = new PolicyRule
        {
            Id = id,
            Effect = effect,
            Resources = resources,
            Subjects = subjects,
            Validity = validity,
            Arguments = ArgumentConstraintParser.ParseAll(map, "args"),
            Conditions = ConditionParser.ParseAll(map),
            Obligations = ObligationParser.ParseAll(map),
            Source = new RuleSource(policy, map.Location.ToString()),
        };

        if (effect == PolicyEffect.Require && rule.Obligations.Count == 0 && hasEffect)
        {
            map.Error("a require needs obligations");
        }
        else if (effect != PolicyEffect.Require && rule.Obligations.Count > 0)
        {
            map.Get("obligations")!.Error("obligations belong to a require");
        }

        return hasEffect ? rule : null;
    }

    public static RuleSubjects ParseSubjects(YamlMap map)
    {
        if (map.GetMap("subjects") is not { } subjects)
        {
            return RuleSubjects.Everyone;
        }

        return new RuleSubjects(subjects.GetStrings("agents"), subjects.GetStrings("onBehalfOf"));
    }

    public static RuleValidity ParseValidity(YamlMap map)
    {
        if (map.GetMap("validity") is not { } validity)
        {
            return RuleValidity.Always;
        }

        var result = new RuleValidity(validity.GetTime("notBefore"), validity.GetTime("notAfter"));
        if (result.NotAfter <= result.NotBefore)
        {
            validity.Error("notAfter must be later than notBefore");
        }

        return result;
    }

    private static bool TryEffect(YamlMap map, out PolicyEffect effect)
    {
        effect = PolicyEffect.Forbid;
        return map.Require("effect") is { } value && value.TryOneOf(PolicyWords.Effects, out effect);
    }

    private static List<ResourcePattern> ParseResources(YamlMap map, PolicyEffect effect)
    {
        var resources = new List<ResourcePattern>();
        var items = map.Require("resources")?.AsList();
        if (items is { Count: 0 })
        {
            map.Get("resources")!.Error("at least one resource is due");
        }

        foreach (var item in items ?? [])
        {
            if (item.AsString() is not { } text)
            {
                continue;
            }

            if (!ResourcePattern.TryParse(text, out var pattern, out var problem))
            {
                item.Error(problem);
            }
            else if (effect == PolicyEffect.Permit && !pattern.IsExact)
            {
                item.Error($"'{text}': a permit names its resources exactly; wildcards are for forbid and require");
            }
            else
            {
                resources.Add(pattern);
            }
        }

        return resources;
    }

    private static bool IsId(string id) =>
        id.Length <= 100 && !id.AsSpan().ContainsAnyExcept(IdCharacters);
}
