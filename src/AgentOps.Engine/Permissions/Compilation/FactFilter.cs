namespace AgentOps.Engine.Permissions;

/// <summary>A condition on a fact that several rules share: asked once for all of them.</summary>
internal sealed class FactFilter
{
    private const int FewestRules = 4;

    private readonly ConditionMatcher _condition;
    private readonly ulong[] _without;

    private FactFilter(ConditionMatcher condition, ulong[] without)
    {
        _condition = condition;
        _without = without;
    }

    public static FactFilter[] Create(CompiledRule[] rules, int words)
    {
        var shared = new Dictionary<string, (ConditionMatcher Condition, HashSet<CompiledRule> Rules)>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            for (var i = 0; i < rule.Conditions.Length; i++)
            {
                if (rule.Rule.Conditions[i] is not FactCondition fact)
                {
                    continue;
                }

                var key = PolicyRuleJson.Condition(fact).ToJsonString();
                if (!shared.TryGetValue(key, out var entry))
                {
                    shared.Add(key, entry = (rule.Conditions[i], []));
                }

                entry.Rules.Add(rule);
            }
        }

        return [.. shared.Values.Where(entry => entry.Rules.Count >= FewestRules)
            .Select(entry => new FactFilter(entry.Condition, RuleFilter.Bits(rules, words, rule => !entry.Rules.Contains(rule))))];
    }

    /// <summary>Clears the rules that have the condition, when it is false; an error is left to each of them.</summary>
    public void Apply(AuthorizationRequest request, Span<ulong> left)
    {
        if (!IsAsked(left) || _condition.Test(request) != Truth.False)
        {
            return;
        }

        for (var w = 0; w < left.Length; w++)
        {
            left[w] &= _without[w];
        }
    }

    /// <summary>Whether a rule that has the condition is still left.</summary>
    private bool IsAsked(Span<ulong> left)
    {
        for (var w = 0; w < left.Length; w++)
        {
            if ((left[w] & ~_without[w]) != 0)
            {
                return true;
            }
        }

        return false;
    }
}
