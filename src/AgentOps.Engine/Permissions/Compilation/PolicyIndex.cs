using System.Collections.Concurrent;

namespace AgentOps.Engine.Permissions;

/// <summary>
/// Finds the rules that speak of a resource. Exact names are looked up; wildcards are tried once for each resource that
/// is asked about, and what was found is kept.
/// </summary>
internal sealed class PolicyIndex
{
    private const int MostKept = 4096;

    private readonly IReadOnlyList<CompiledRule> _rules;
    private readonly Dictionary<string, List<int>> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<int> _wildcards = [];
    private ConcurrentDictionary<string, RuleBucket> _buckets = new(StringComparer.Ordinal);

    public PolicyIndex(IReadOnlyList<CompiledRule> rules)
    {
        _rules = rules;
        for (var i = 0; i < rules.Count; i++)
        {
            var hasWildcard = false;
            foreach (var resource in rules[i].Rule.Resources)
            {
                if (!resource.IsExact)
                {
                    hasWildcard = true;
                    continue;
                }

                var key = $"{ResourceName.Word(resource.Kind)}:{resource.Name}";
                if (!_exact.TryGetValue(key, out var list))
                {
                    _exact.Add(key, list = []);
                }

                list.Add(i);
            }

            if (hasWildcard)
            {
                _wildcards.Add(i);
            }
        }
    }

    /// <summary>The rules of a resource; null, with the problem, when it has no proper name.</summary>
    public RuleBucket? Find(string resource, out string? problem)
    {
        problem = null;
        var buckets = _buckets;
        if (buckets.TryGetValue(resource, out var bucket))
        {
            return bucket;
        }

        if (!ResourceName.TryParse(resource, out var kind, out var name, out problem))
        {
            return null;
        }

        bucket = Build(kind, name, resource);
        if (buckets.Count >= MostKept)
        {
            // Names are the caller's to choose; what is kept for them must not grow without end.
            _buckets = new ConcurrentDictionary<string, RuleBucket>(StringComparer.Ordinal);
        }

        _buckets.TryAdd(resource, bucket);
        return bucket;
    }

    private RuleBucket Build(ResourceKind kind, string name, string resource)
    {
        var found = new SortedSet<int>();
        var candidates = Names(kind, resource).SelectMany(key => _exact.GetValueOrDefault(key) ?? []).Concat(_wildcards);
        foreach (var i in candidates)
        {
            if (Matches(_rules[i], kind, name))
            {
                found.Add(i);
            }
        }

        return new RuleBucket(kind, name, [.. found.Select(i => _rules[i])]);
    }

    /// <summary>The exact names that speak of a resource: its own and, of data, those that it lies below.</summary>
    private static IEnumerable<string> Names(ResourceKind kind, string resource)
    {
        yield return resource;
        for (var slash = resource.LastIndexOf('/'); kind == ResourceKind.Data && slash > 0; slash = resource.LastIndexOf('/', slash - 1))
        {
            yield return resource[..slash];
        }
    }

    private static bool Matches(CompiledRule rule, ResourceKind kind, string name)
    {
        foreach (var resource in rule.Rule.Resources)
        {
            if (resource.Matches(kind, name, rule.Rule.Effect == PolicyEffect.Permit))
            {
                return true;
            }
        }

        return false;
    }
}
