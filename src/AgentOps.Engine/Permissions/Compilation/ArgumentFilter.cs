namespace AgentOps.Engine.Permissions;

/// <summary>What one argument's value tells about the rules that test it.</summary>
internal sealed class ArgumentFilter
{
    private const int Kinds = (int)ArgumentValueKind.Object + 1;

    private readonly string _name;
    private readonly ulong[] _untestedOpen;
    private readonly ulong[] _whenAbsent;
    private readonly ulong[] _errorWhenAbsent;
    private readonly ulong[]?[] _accepting = new ulong[Kinds][];
    private readonly ulong[]?[] _errorByKind = new ulong[Kinds][];
    private readonly bool[] _canErr = new bool[Kinds];
    private readonly bool _canErrWhenAbsent;
    private readonly ulong[] _blocking;
    private readonly TextFilter _texts;
    private readonly NumberFilter _numbers;
    private readonly NumberFilter _dates;

    public ArgumentFilter(string name, CompiledRule[] rules, int words)
    {
        _name = name;
        var tested = rules.Select(rule => rule.Arguments?.FirstOrDefault(argument => string.Equals(argument.Name, name, StringComparison.OrdinalIgnoreCase))).ToArray();
        ulong[] Where(Func<CompiledRule, CompiledArgument?, bool> holds)
        {
            var bits = new ulong[words];
            for (var i = 0; i < rules.Length; i++)
            {
                if (holds(rules[i], tested[i]))
                {
                    bits[i / 64] |= 1UL << (i % 64);
                }
            }

            return bits;
        }

        _untestedOpen = Where((rule, argument) => argument is null && (!rule.IsPermit || rule.Arguments is null));
        _whenAbsent = Where((rule, argument) => argument is null || (argument.IsOptional && rule.IsPermit));
        _errorWhenAbsent = Where((rule, argument) => argument is { IsOptional: false } && !rule.IsPermit);
        _blocking = Where((rule, argument) => argument is not null && !rule.IsPermit);
        _canErrWhenAbsent = _errorWhenAbsent.AsSpan().ContainsAnyExcept(0UL);
        Lists = tested.Count(argument => argument?.Matcher is ArgumentMatcher.StringMatcher { Candidates: not null });
        for (var kind = 0; kind < Kinds; kind++)
        {
            _accepting[kind] = Where((_, argument) => argument?.Matcher.Accepts((ArgumentValueKind)kind) ?? false);
            _errorByKind[kind] = Where((rule, argument) => argument is not null && !rule.IsPermit && !argument.Matcher.Accepts((ArgumentValueKind)kind));
            _canErr[kind] = _errorByKind[kind].AsSpan().ContainsAnyExcept(0UL);
        }

        _texts = new TextFilter(tested, words);
        _numbers = new NumberFilter(tested, words, matcher => matcher switch
        {
            ArgumentMatcher.IntegerMatcher integer => (integer.Min, integer.Max),
            ArgumentMatcher.NumberMatcher { Kind: ArgumentValueKind.Decimal } number => (number.Min, number.Max),
            _ => null,
        });
        _dates = new NumberFilter(tested, words, matcher => matcher is ArgumentMatcher.NumberMatcher { Kind: ArgumentValueKind.Date } date ? (date.Min, date.Max) : null);
    }

    /// <summary>How many rules test the argument by a list of texts, the test that narrows best.</summary>
    public int Lists { get; }

    /// <summary>
    /// Clears what can't match, unless so few rules are left that looking is dearer than evaluating them; collects, always, what
    /// is in error. Says whether the argument is bound.
    /// </summary>
    public bool Apply(BoundArguments arguments, Span<ulong> left, Span<ulong> errors, Span<ulong> scratch, bool narrow)
    {
        if (!arguments.TryGet(_name, out var value))
        {
            if (!narrow && !_canErrWhenAbsent)
            {
                return false;
            }

            for (var w = 0; w < left.Length; w++)
            {
                left[w] &= _whenAbsent[w];
                errors[w] |= _errorWhenAbsent[w];
            }

            return false;
        }

        var kind = (int)value.Kind;
        if (!narrow && !_canErr[kind])
        {
            return true;
        }

        var accepting = _accepting[kind]!;
        var wrong = _errorByKind[kind]!;
        var found = Lookup(value, scratch);

        // A forbid could be passed by a second spelling of a text; the rule itself looks closer.
        var unsure = value.Kind == ArgumentValueKind.String && !LiteralCheck.IsPlain(value.AsString()!);
        for (var w = 0; w < left.Length; w++)
        {
            left[w] &= ((found.IsEmpty ? ulong.MaxValue : found[w]) & accepting[w]) | _untestedOpen[w] | (unsure ? _blocking[w] : 0);
            errors[w] |= wrong[w];
        }

        return true;
    }

    /// <summary>A bit for each rule that may take the value; empty when nothing is known.</summary>
    private ReadOnlySpan<ulong> Lookup(in ArgumentValue value, Span<ulong> scratch) => value.Kind switch
    {
        ArgumentValueKind.String => _texts.Find(value.AsString()!, scratch),
        ArgumentValueKind.Integer or ArgumentValueKind.Decimal => _numbers.Find(value.Number),
        ArgumentValueKind.Date => _dates.Find(value.Number),
        _ => [],
    };
}
