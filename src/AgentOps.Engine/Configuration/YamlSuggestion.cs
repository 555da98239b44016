namespace AgentOps.Engine.Configuration;

/// <summary>Finds what a misspelt word was meant to be.</summary>
public static class YamlSuggestion
{
    private const int LongestWord = 64;

    /// <summary>The nearest candidate by edit distance (transpositions count as one), or null when none is near.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="candidates">What is known.</param>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > LongestWord)
        {
            return null;
        }

        string? best = null;
        var bestDistance = Math.Max(1, (word.Length + 1) / 3) + 1;
        foreach (var candidate in candidates.Order(StringComparer.Ordinal))
        {
            if (candidate.Length > LongestWord)
            {
                continue;
            }

            var distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>The tail of an error sentence: <c>; did you mean 'x'?</c>, or the known words when none is near and they are few.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="candidates">What is known.</param>
    public static string Hint(string word, IReadOnlyCollection<string> candidates)
    {
        if (Nearest(word, candidates) is { } near)
        {
            return $"; did you mean '{near}'?";
        }

        return candidates.Count is > 0 and <= 16
            ? $"; known: {string.Join(", ", candidates.Order(StringComparer.Ordinal))}"
            : "";
    }

    private static int Distance(string left, string right)
    {
        var before = new int[right.Length + 1];
        var previous = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[right.Length];
    }
}
