namespace AgentOps.Engine.Permissions;

/// <summary>Which rules take a text: by the lists that hold it, and those whose test is no list.</summary>
internal sealed class TextFilter
{
    private readonly Dictionary<string, ulong[]> _byText = new(StringComparer.Ordinal);
    private readonly ulong[] _others;

    public TextFilter(CompiledArgument?[] tested, int words)
    {
        _others = new ulong[words];
        for (var i = 0; i < tested.Length; i++)
        {
            if (tested[i] is { } argument && Candidates(argument) is null)
            {
                _others[i / 64] |= 1UL << (i % 64);
            }
        }

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

    public ulong[] Find(string text) => _byText.TryGetValue(text, out var bits) ? bits : _others;

    private static IReadOnlyCollection<string>? Candidates(CompiledArgument argument) => (argument.Matcher as ArgumentMatcher.StringMatcher)?.Candidates;
}
