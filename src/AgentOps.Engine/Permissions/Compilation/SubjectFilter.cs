namespace AgentOps.Engine.Permissions;

/// <summary>Which rules speak of an agent or a person by name, and which of others too.</summary>
internal sealed class SubjectFilter
{
    private readonly Dictionary<string, ulong[]> _byName;
    private readonly ulong[] _others;

    public SubjectFilter(CompiledRule[] rules, int words, StringComparer comparer, Func<CompiledRule, IReadOnlyCollection<string>?> names)
    {
        _byName = new Dictionary<string, ulong[]>(comparer);
        _others = RuleFilter.Bits(rules, words, rule => names(rule) is null);
        for (var i = 0; i < rules.Length; i++)
        {
            foreach (var name in names(rules[i]) ?? [])
            {
                if (!_byName.TryGetValue(name, out var bits))
                {
                    _byName.Add(name, bits = [.. _others]);
                }

                bits[i / 64] |= 1UL << (i % 64);
            }
        }
    }

    /// <summary>Clears the rules that speak of others only. A person is looked up with and without its origin.</summary>
    public void And(Span<ulong> left, string? name)
    {
        var found = Find(name);
        var bare = name is not null && name.Contains(':', StringComparison.Ordinal) ? Find(PersonName.Bare(name)) : found;
        for (var w = 0; w < left.Length; w++)
        {
            left[w] &= found[w] | bare[w];
        }
    }

    private ulong[] Find(string? name) => name is not null && _byName.TryGetValue(name, out var bits) ? bits : _others;
}
