namespace AgentOps.Engine.Routing;

/// <summary>One walk over a prompt's text that adds up what its words and shapes say; each term counts once.</summary>
/// <param name="lexicon">The terms.</param>
/// <param name="evidence">The evidence for each domain so far.</param>
/// <param name="seen">A bit for each term that was counted.</param>
internal ref struct PromptScan(DomainLexicon lexicon, Span<int> evidence, Span<ulong> seen)
{
    private readonly Span<int> _evidence = evidence;
    private readonly Span<ulong> _seen = seen;
    private ulong _previous;

    /// <summary>Words read.</summary>
    public int Words { get; private set; }

    /// <summary>Reads a text, or a part of one.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        _previous = 0;
        var last = '\0';
        for (var place = 0; place < text.Length;)
        {
            var character = text[place];
            if (DomainLexicon.IsOfWord(character, isInside: false))
            {
                place = ReadWord(text, place);
                last = text[place - 1];
                continue;
            }

            ReadSign(text, place, last);
            if (!char.IsWhiteSpace(character))
            {
                last = character;
                _previous = character is '-' or '\'' or '’' ? _previous : 0;
            }

            place++;
        }
    }

    private int ReadWord(ReadOnlySpan<char> text, int start)
    {
        var hash = DomainLexicon.Begin();
        var isIdentifier = false;
        var end = start;
        for (; end < text.Length && DomainLexicon.IsOfWord(text[end], end > start); end++)
        {
            var character = text[end];
            hash = DomainLexicon.Extend(hash, char.ToLowerInvariant(character));
            isIdentifier |= end > start
                && (character == '_' ? end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]) && text[end - 1] != '_' : char.IsUpper(character) && char.IsLower(text[end - 1]));
            Count(lexicon.FindStem(hash, end - start + 1));
        }

        Count(lexicon.Find(hash));
        Count(_previous == 0 ? -1 : lexicon.Find(DomainLexicon.Pair(_previous, hash)));
        Count(isIdentifier ? lexicon.Find(PromptShape.Identifier) : -1);
        _previous = hash;
        Words++;
        return end;
    }

    private void ReadSign(ReadOnlySpan<char> text, int place, char last)
    {
        var shape = text[place] switch
        {
            '`' when text[place..].StartsWith("```") => PromptShape.CodeFence,
            '\n' or '\r' when last is ';' or '{' or '}' => PromptShape.CodeLine,
            '+' or '*' or '=' or '^' or '<' or '>' when (char.IsLetterOrDigit(last) || last == ')') && IsBeforeDigit(text[(place + 1)..]) => PromptShape.Arithmetic,
            '√' or '∑' or '∏' or '∫' or '≤' or '≥' or '≠' or '≡' or '∞' or '∂' or '∇' or '∈' or '∀' or '∃' or '⊂' or '∪' or '∩' or '²' or '³' => PromptShape.Formula,
            '\\' when place + 2 < text.Length && char.IsLetter(text[place + 1]) && char.IsLetter(text[place + 2]) && last != ':' && !char.IsLetterOrDigit(last) => PromptShape.Formula,
            _ => (PromptShape?)null,
        };
        Count(shape is { } seen ? lexicon.Find(seen) : -1);
    }

    private static bool IsBeforeDigit(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(" -(");
        return rest.Length > 0 && char.IsDigit(rest[0]);
    }

    private readonly void Count(int term)
    {
        if (term < 0 || (_seen[term >> 6] & (1UL << (term & 63))) != 0)
        {
            return;
        }

        _seen[term >> 6] |= 1UL << (term & 63);
        var weights = lexicon.Weights(term);
        for (var domain = 0; domain < weights.Length; domain++)
        {
            _evidence[domain] += weights[domain];
        }
    }
}
