namespace AgentOps.Engine.Permissions;

/// <summary>Which rules take a text: by the lists that hold it, by what their patterns begin with, and those whose test is neither.</summary>
internal sealed class TextFilter
{
    private const int LongestPrefix = 32;

    private readonly Dictionary<string, ulong[]> _byText = new(StringComparer.Ordinal);
    private readonly (int Length, Dictionary<string, ulong[]>.AlternateLookup<ReadOnlySpan<char>> Bits)[] _byPrefix;
    private readonly ulong[] _others;

    public TextFilter(CompiledArgument?[] tested, int words)
    {
        _others = new ulong[words];
        var prefixes = new SortedDictionary<int, Dictionary<string, ulong[]>>();
        for (var i = 0; i < tested.Length; i++)
        {
            if (tested[i] is not { } argument || Candidates(argument) is not null)
            {
                continue;
            }

            var bits = _others;
            if (Prefix(argument) is { Length: > 0 } prefix)
            {
                if (!prefixes.TryGetValue(prefix.Length, out var ofLength))
                {
                    prefixes.Add(prefix.Length, ofLength = new Dictionary<string, ulong[]>(StringComparer.Ordinal));
                }

                if (!ofLength.TryGetValue(prefix, out bits))
                {
                    ofLength.Add(prefix, bits = new ulong[words]);
                }
            }

            bits[i / 64] |= 1UL << (i % 64);
        }

        _byPrefix = [.. prefixes.Select(pair => (pair.Key, pair.Value.GetAlternateLookup<ReadOnlySpan<char>>()))];
        for (var i = 0; i < tested.Length; i++)
        {
            foreach (var text in tested[i] is { } argument ? Candidates(argument) ?? [] : [])
            {
                if (!_byText.TryGetValue(text, out var bits))
                {
                    _byText.Add(text, bits = [.. _others]);
                }

                bits[i / 64] |= 1UL << (i % 64);
            }
        }
    }

    /// <summary>A bit for each rule that may take the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scratch">Room for the answer, where it is put together from several.</param>
    public ReadOnlySpan<ulong> Find(string text, Span<ulong> scratch)
    {
        var found = _byText.TryGetValue(text, out var bits) ? bits : _others;
        if (_byPrefix.Length == 0)
        {
            return found;
        }

        found.CopyTo(scratch);
        foreach (var (length, byPrefix) in _byPrefix)
        {
            if (length > text.Length)
            {
                break;
            }

            if (byPrefix.TryGetValue(text.AsSpan(0, length), out var more))
            {
                for (var w = 0; w < more.Length; w++)
                {
                    scratch[w] |= more[w];
                }
            }
        }

        return scratch;
    }

    private static IReadOnlyCollection<string>? Candidates(CompiledArgument argument) => (argument.Matcher as ArgumentMatcher.StringMatcher)?.Candidates;

    /// <summary>Cut, so that the lengths to be looked up stay few.</summary>
    private static string? Prefix(CompiledArgument argument) => (argument.Matcher as ArgumentMatcher.StringMatcher)?.Prefix is { } prefix
        ? prefix.Length > LongestPrefix ? prefix[..LongestPrefix] : prefix
        : null;
}
