namespace AgentOps.Engine.Permissions;

/// <summary>The rules of one resource, forbids first, then requires, then permits.</summary>
internal sealed class RuleBucket
{
    private const int SmallestIndexed = 8;

    private readonly RuleFilter[] _filters;

    public RuleBucket(ResourceKind kind, string name, CompiledRule[] rules)
    {
        Kind = kind;
        Name = name;
        Rules = rules;
        _filters = rules.Length <= SmallestIndexed
            ? []
            : [.. Enumerable.Range(0, (rules.Length + RuleFilter.MostRules - 1) / RuleFilter.MostRules)
                .Select(i => new RuleFilter(rules, i * RuleFilter.MostRules, Math.Min(RuleFilter.MostRules, rules.Length - (i * RuleFilter.MostRules))))];
    }

    public ResourceKind Kind { get; }

    public string Name { get; }

    public CompiledRule[] Rules { get; }

    /// <summary>
    /// The one permit that decides, when it is as simple as that: no forbid and no require speaks up. Allocates nothing.
    /// </summary>
    public CompiledRule? FindPlainPermit(AuthorizationRequest request) =>
        _filters.Length == 0 ? Scan(request) : ScanFiltered(request);

    /// <summary>Every rule that matches or is in error, forbids first.</summary>
    public IReadOnlyList<(CompiledRule Rule, Truth Truth)> FindSpeaking(AuthorizationRequest request)
    {
        var found = new List<(CompiledRule, Truth)>();
        Span<ulong> left = stackalloc ulong[RuleFilter.MostRules / 64];
        for (var first = 0; first < Rules.Length; first += RuleFilter.MostRules)
        {
            if (_filters.Length > 0)
            {
                _filters[first / RuleFilter.MostRules].Apply(request, left[.._filters[first / RuleFilter.MostRules].Words]);
            }
            else
            {
                left.Fill(ulong.MaxValue);
            }

            for (var i = first; i < Rules.Length && i < first + RuleFilter.MostRules; i++)
            {
                if ((left[(i - first) / 64] >> (i % 64) & 1) != 0 && Rules[i].Evaluate(request, Kind, Name) is var truth and not Truth.False)
                {
                    found.Add((Rules[i], truth));
                }
            }
        }

        return found;
    }

    private CompiledRule? Scan(AuthorizationRequest request)
    {
        foreach (var rule in Rules)
        {
            var truth = rule.Evaluate(request, Kind, Name);
            if (rule.IsPermit ? truth == Truth.True : truth != Truth.False)
            {
                return rule.IsPermit ? rule : null;
            }
        }

        return null;
    }

    private CompiledRule? ScanFiltered(AuthorizationRequest request)
    {
        Span<ulong> left = stackalloc ulong[RuleFilter.MostRules / 64];
        foreach (var filter in _filters)
        {
            var words = left[..filter.Words];
            filter.Apply(request, words);
            for (var w = 0; w < words.Length; w++)
            {
                for (var bits = words[w]; bits != 0; bits &= bits - 1)
                {
                    var rule = Rules[filter.First + (w * 64) + System.Numerics.BitOperations.TrailingZeroCount(bits)];
                    var truth = rule.Evaluate(request, Kind, Name);
                    if (rule.IsPermit ? truth == Truth.True : truth != Truth.False)
                    {
                        return rule.IsPermit ? rule : null;
                    }
                }
            }
        }

        return null;
    }
}
