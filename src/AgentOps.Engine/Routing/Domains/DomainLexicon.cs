using AgentOps.Engine.Catalog;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Routing;

/// <summary>
/// Which words, pairs of words, beginnings of words and shapes speak for which domain, and how strongly. Looked up by 64-bit
/// hashes (FNV-1a) of lower-case letters, so that scanning a prompt allocates nothing.
/// </summary>
internal sealed class DomainLexicon
{
    private const string FileName = "domains.yaml";
    private const int StrongWeight = 3;
    private const int WeakWeight = 1;
    private const ulong Seed = 14695981039346656037;
    private const ulong Prime = 1099511628211;
    private const ulong StemMark = 0x9E3779B97F4A7C15;

    private readonly Dictionary<ulong, int> _places = [];
    private readonly List<int[]> _weights = [];
    private readonly int[] _shapes = new int[Enum.GetValues<PromptShape>().Length];

    // One bit for each hash modulo its size: most words of a prompt are in no lexicon, and are told so at once.
    private readonly ulong[] _filter = new ulong[1024];
    private ulong _stemLengths;

    private DomainLexicon() => Array.Fill(_shapes, -1);

    /// <summary>Different terms.</summary>
    public int Count => _weights.Count;

    /// <summary>Reads the built-in lexicon; a user's own stands in its place.</summary>
    /// <param name="path">A folder, or a file named <c>domains.yaml</c>; null for none.</param>
    /// <exception cref="AgentOpsException"><c>CatalogInvalid</c>; says file, line and column.</exception>
    public static DomainLexicon Load(string? path = null)
    {
        using var own = CatalogText.Own(path, FileName, out var file);
        using var builtIn = own is null ? CatalogText.BuiltIn(FileName) : null;
        return Read(own is null ? FileName : file, own ?? builtIn!);
    }

    /// <summary>Reads a lexicon.</summary>
    public static DomainLexicon Read(string file, TextReader text)
    {
        var lexicon = new DomainLexicon();
        var domains = Enum.GetValues<PromptDomain>().Where(domain => domain != PromptDomain.General).ToDictionary(PromptDomains.NameOf);
        foreach (var node in CatalogNode.Entries(file, text))
        {
            node.Text("domain");
            var domain = node.Choice("domain", PromptDomain.General, domains);
            foreach (var (key, weight) in new[] { ("strong", StrongWeight), ("terms", WeakWeight) })
            {
                foreach (var term in node.Texts(key))
                {
                    lexicon.Add(node.Place, term, domain, weight);
                }
            }

            node.RefuseUnknown();
        }

        return lexicon;
    }

    /// <summary>Whether a character belongs to a word: letters, digits and underscores, and signs as in <c>c++</c> and <c>c#</c>.</summary>
    /// <param name="character">The character.</param>
    /// <param name="isInside">Whether it follows a part of a word.</param>
    public static bool IsOfWord(char character, bool isInside) =>
        char.IsLetterOrDigit(character) || character == '_' || (isInside && (character is '+' or '#'));

    /// <summary>The hash of an empty word.</summary>
    public static ulong Begin() => Seed;

    /// <summary>The hash of a word that goes on with a letter.</summary>
    public static ulong Extend(ulong hash, char letter) => (hash ^ letter) * Prime;

    /// <summary>The hash of two words in a row.</summary>
    public static ulong Pair(ulong first, ulong second) => (first * Prime) ^ second;

    /// <summary>The place of a word or a pair; -1 where there is none.</summary>
    public int Find(ulong hash)
    {
        var bit = (hash >> 32) ^ hash;
        return (_filter[(bit >> 6) & 1023] & (1UL << (int)(bit & 63))) != 0 && _places.TryGetValue(hash, out var place) ? place : -1;
    }

    /// <summary>The place of the beginning of a word, of a length in letters; -1 where there is none.</summary>
    public int FindStem(ulong hash, int length) => length < 64 && (_stemLengths >> length & 1) != 0 ? Find(hash ^ StemMark) : -1;

    /// <summary>The place of a shape; -1 where the lexicon has no use for it.</summary>
    public int Find(PromptShape shape) => _shapes[(int)shape];

    /// <summary>What a term adds to each domain's evidence.</summary>
    public ReadOnlySpan<int> Weights(int place) => _weights[place];

    private void Add(string place, string term, PromptDomain domain, int weight)
    {
        if (term is ['<', .. var name, '>'])
        {
            var shape = Enum.GetValues<PromptShape>().Where(known => Hyphenated(known) == name).Select(known => (int)known).DefaultIfEmpty(-1).First();
            if (shape < 0)
            {
                throw Invalid(place, $"There is no shape '{term}'.");
            }

            _shapes[shape] = _shapes[shape] < 0 ? NewPlace() : _shapes[shape];
            _weights[_shapes[shape]][(int)domain] = weight;
            return;
        }

        var isStem = term.EndsWith('*');
        var words = Words(isStem ? term[..^1] : term);
        if (words.Count is not (1 or 2) || (isStem && words.Count == 2))
        {
            throw Invalid(place, $"The term '{term}' is neither a word, nor the beginning of one, nor a pair of words.");
        }

        var hash = words.Count == 2 ? Pair(words[0].Hash, words[1].Hash) : isStem ? words[0].Hash ^ StemMark : words[0].Hash;
        _stemLengths |= isStem ? 1UL << Math.Min(63, words[0].Length) : 0;
        if (!_places.TryGetValue(hash, out var found))
        {
            _places.Add(hash, found = NewPlace());
            var bit = (hash >> 32) ^ hash;
            _filter[(bit >> 6) & 1023] |= 1UL << (int)(bit & 63);
        }

        _weights[found][(int)domain] = Math.Max(weight, _weights[found][(int)domain]);
    }

    private static List<(ulong Hash, int Length)> Words(string term)
    {
        var words = new List<(ulong Hash, int Length)>();
        var isInside = false;
        foreach (var character in term)
        {
            if (IsOfWord(character, isInside))
            {
                var (hash, length) = isInside ? words[^1] : (Begin(), 0);
                words.RemoveRange(words.Count - (isInside ? 1 : 0), isInside ? 1 : 0);
                words.Add((Extend(hash, char.ToLowerInvariant(character)), length + 1));
                isInside = true;
            }
            else
            {
                isInside = false;
            }
        }

        return words;
    }

    private int NewPlace()
    {
        _weights.Add(new int[PromptDomains.Names.Count]);
        return _weights.Count - 1;
    }

    private static string Hyphenated(PromptShape shape) =>
        string.Concat(shape.ToString().Select((letter, index) => char.IsUpper(letter) && index > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

    private static AgentOpsException Invalid(string place, string message) => new(ErrorCodes.CatalogInvalid, $"{place}: {message}", place);
}
