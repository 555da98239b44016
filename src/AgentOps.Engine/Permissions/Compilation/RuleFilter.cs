namespace AgentOps.Engine.Permissions;

/// <summary>
/// Leaves, of up to 1,024 rules, those that might match a request: one bit a rule, one set of bit vectors a tested
/// property, put together by AND (the bit-vector scheme of packet classification: Lakshman and Stiliadis, SIGCOMM 1998).
/// A bit is cleared only where the rule is certain not to match, so what is left is still evaluated in full.
/// </summary>
internal sealed class RuleFilter
{
    public const int MostRules = 1024;

    private const int FewRules = 2;

    private readonly SubjectFilter _agents;
    private readonly SubjectFilter? _persons;
    private readonly ArgumentFilter[] _arguments;
    private readonly FactFilter[] _facts;
    private readonly ulong[] _open;

    public RuleFilter(CompiledRule[] rules, int first, int count)
    {
        First = first;
        Words = (count + 63) / 64;
        var slice = rules.AsSpan(first, count).ToArray();
        _agents = new SubjectFilter(slice, Words, StringComparer.OrdinalIgnoreCase, rule => rule.Subjects.ExactAgents);
        _persons = Array.Exists(slice, rule => rule.Rule.Subjects.OnBehalfOf.Count > 0)
            ? new SubjectFilter(slice, Words, StringComparer.OrdinalIgnoreCase, rule => rule.Subjects.ExactPersons)
            : null;
        _arguments = [.. slice.SelectMany(rule => rule.Arguments ?? []).Select(argument => argument.Name).Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => new ArgumentFilter(name, slice, Words)).OrderByDescending(argument => argument.Lists)];
        _facts = FactFilter.Create(slice, Words);
        _open = Bits(slice, Words, rule => !rule.IsPermit || rule.Arguments is null);
    }

    public int First { get; }

    public int Words { get; }

    public static ulong[] Bits(CompiledRule[] rules, int words, Func<CompiledRule, bool> holds)
    {
        var bits = new ulong[words];
        for (var i = 0; i < rules.Length; i++)
        {
            if (holds(rules[i]))
            {
                bits[i / 64] |= 1UL << (i % 64);
            }
        }

        return bits;
    }

    /// <summary>Writes a bit for each rule that might match.</summary>
    public void Apply(AuthorizationRequest request, Span<ulong> left)
    {
        Span<ulong> errors = stackalloc ulong[left.Length];
        Span<ulong> scratch = stackalloc ulong[left.Length];
        errors.Clear();
        left.Fill(ulong.MaxValue);
        _agents.And(left, request.Agent);
        _persons?.And(left, request.OnBehalfOf);
        var known = 0;
        foreach (var argument in _arguments)
        {
            known += argument.Apply(request.Arguments, left, errors, scratch, narrow: HasMany(left)) ? 1 : 0;
        }

        if (known < request.Arguments.Count)
        {
            And(left, _open);
        }

        foreach (var fact in _facts)
        {
            fact.Apply(request, left);
        }

        if (!errors.ContainsAnyExcept(0UL))
        {
            return;
        }

        // A forbid whose tested argument is absent or of another type speaks up whatever else it says, within its scope.
        _agents.And(errors, request.Agent);
        _persons?.And(errors, request.OnBehalfOf);
        for (var w = 0; w < left.Length; w++)
        {
            left[w] |= errors[w];
        }
    }

    private static bool HasMany(Span<ulong> left)
    {
        var count = 0;
        foreach (var word in left)
        {
            count += System.Numerics.BitOperations.PopCount(word);
        }

        return count > FewRules;
    }

    private static void And(Span<ulong> left, ulong[] right)
    {
        for (var w = 0; w < left.Length; w++)
        {
            left[w] &= right[w];
        }
    }
}
