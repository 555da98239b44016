namespace AgentOps.Engine.Routing.Quality;

/// <summary>
/// What a prediction sees of a prompt: hashed words, word pairs and word beginnings with their counts, and a few numbers about
/// its shape. No vocabulary is kept, so that no prompt can be read back from a model.
/// </summary>
internal sealed record PromptFeatures(int[] Indices, float[] Counts, double[] Shape)
{
    /// <summary>Places of the hashed features.</summary>
    public const int HashSize = 1 << 16;

    /// <summary>Numbers in <see cref="Shape"/>.</summary>
    public const int ShapeSize = 17;

    private const int StemLength = 5;

    public static PromptFeatures Of(string prompt)
    {
        var counts = new Dictionary<int, float>();
        var previous = 0u;
        foreach (var (hash, stem) in Words(prompt))
        {
            Add(counts, hash);
            if (previous != 0)
            {
                Add(counts, (previous * 31) ^ hash ^ 0x5bd1e995);
            }

            if (stem != 0)
            {
                Add(counts, stem);
            }

            previous = hash;
        }

        return new PromptFeatures([.. counts.Keys], [.. counts.Values], ShapeOf(prompt));
    }

    private static void Add(Dictionary<int, float> counts, uint hash)
    {
        hash ^= hash >> 15;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        var place = (int)(hash % HashSize);
        counts[place] = counts.GetValueOrDefault(place) + 1;
    }

    // Letters make words, a run of digits is one sign, every other sign stands alone.
    private static IEnumerable<(uint Hash, uint Stem)> Words(string text)
    {
        var hash = 0u;
        var stem = 0u;
        var length = 0;
        var digits = false;
        foreach (var original in text)
        {
            var character = char.ToLowerInvariant(original);
            if (char.IsLetter(character))
            {
                hash = ((length == 0 ? 2166136261 : hash) ^ character) * 16777619;
                digits = false;
                if (++length == StemLength)
                {
                    stem = hash ^ 0x9e3779b9;
                }

                continue;
            }

            if (length > 0)
            {
                yield return (hash, length > StemLength ? stem : 0);
                length = 0;
            }

            if (char.IsDigit(character))
            {
                if (!digits)
                {
                    yield return (0x30303030, 0);
                }

                digits = true;
            }
            else if (!char.IsWhiteSpace(character))
            {
                digits = false;
                yield return ((character ^ 2166136261) * 16777619, 0);
            }
        }

        if (length > 0)
        {
            yield return (hash, length > StemLength ? stem : 0);
        }
    }

    private static double[] ShapeOf(string prompt)
    {
        int digits = 0, signs = 0, letters = 0, capitals = 0, lines = 0, blanks = 0, words = 1;
        foreach (var character in prompt)
        {
            if (char.IsDigit(character))
            {
                digits++;
            }
            else if (char.IsLetter(character))
            {
                letters++;
                capitals += char.IsUpper(character) ? 1 : 0;
            }
            else if (character == '\n')
            {
                lines++;
                words++;
            }
            else if (character == ' ')
            {
                words++;
            }
            else
            {
                signs += "+-*/=<>^$\\%°√".Contains(character, StringComparison.Ordinal) ? 1 : 0;
                blanks += character == '_' ? 1 : 0;
            }
        }

        var first = prompt.IndexOf('\n', StringComparison.Ordinal);
        var stem = first < 0 ? prompt.Length : first;
        double length = Math.Max(1, prompt.Length);
        return
        [
            Math.Log(length),
            Math.Log(1 + stem),
            Math.Log(1 + ((length - stem) / (lines + 1))),
            digits / length,
            Math.Log(1 + digits),
            digits > 0 ? 1 : 0,
            signs / length,
            Math.Log(1 + signs),
            capitals / length,
            lines,
            blanks > 0 ? 1 : 0,
            letters / (double)words,
            Has(" not ", "except"),
            Has("which of the following"),
            Has("statement 1"),
            Has("all of the above", "none of the above"),
            Has("\""),
        ];

        double Has(params ReadOnlySpan<string> parts)
        {
            foreach (var part in parts)
            {
                if (prompt.Contains(part, StringComparison.OrdinalIgnoreCase))
                {
                    return 1;
                }
            }

            return 0;
        }
    }
}
