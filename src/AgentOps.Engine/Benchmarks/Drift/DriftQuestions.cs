using System.Globalization;
using System.Text;

namespace AgentOps.Engine.Benchmarks.Drift;

/// <summary>
/// Questions with computed answers, hard enough that a worse variant of a model (a coarser quantization, a smaller sibling, a cut
/// context) gets fewer right. The same seed gives the same questions, so that clouds and days can be compared.
/// </summary>
public static class DriftQuestions
{
    /// <summary>The room that an answer gets at least, in tokens: models think aloud.</summary>
    public const int AnswerTokens = 1024;

    private const string Mark = "ANSWER:";

    private static readonly string[] Words =
    [
        "bookkeeper", "committee", "mississippi", "possessiveness", "assassination", "rhododendron", "tattletale", "cooperation",
        "successfulness", "millennium", "parallelogram", "nonsensicalness", "subbookkeeper", "whippersnapper", "barbarian",
    ];

    /// <summary>Makes questions of each kind in turn.</summary>
    public static IReadOnlyList<DriftQuestion> Make(int count, int seed)
    {
        // Not System.Random: its numbers are promised for no version.
        var state = unchecked(((ulong)(uint)seed * 0x9E3779B97F4A7C15) + 0xD1B54A32D192ED03);
        Func<DriftQuestion>[] kinds = [Product, Letters, Sorted, Weekday, Chain, Reversed];
        return [.. Enumerable.Range(0, count).Select(index => kinds[index % kinds.Length]())];

        int Next(int from, int to)
        {
            // SplitMix64 (Steele, Lea and Flood 2014).
            state = unchecked(state + 0x9E3779B97F4A7C15);
            var z = state;
            z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
            z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
            return from + (int)((z ^ (z >> 31)) % (ulong)(to - from + 1));
        }

        DriftQuestion Product()
        {
            var (left, right) = (Next(102, 998), Next(102, 998));
            return Ask($"What is {left} times {right}?", Text(left * right));
        }

        DriftQuestion Letters()
        {
            var word = Words[Next(0, Words.Length - 1)];
            var letter = word[Next(0, word.Length - 1)];
            return Ask($"How many times does the letter \"{letter}\" occur in the word \"{word}\"?", Text(word.Count(each => each == letter)));
        }

        DriftQuestion Sorted()
        {
            var numbers = Enumerable.Range(0, 9).Select(_ => Next(100, 999)).ToArray();
            var place = Next(3, 7);
            return Ask($"Sort these numbers ascending and give number {place} of the sorted list: {string.Join(", ", numbers.Select(Text))}.",
                Text(numbers.Order().ElementAt(place - 1)));
        }

        DriftQuestion Weekday()
        {
            var date = new DateOnly(Next(1901, 2099), Next(1, 12), Next(1, 28));
            return Ask($"Which day of the week is {date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} in the Gregorian calendar? Give its English name.",
                date.DayOfWeek.ToString());
        }

        DriftQuestion Chain()
        {
            int start = Next(11, 99), factor = Next(3, 9), added = Next(11, 99), divisor = Next(7, 23);
            return Ask($"Take {start}, multiply it by {factor}, add {added}, square the result, and give the remainder of dividing that by {divisor}.",
                Text(((start * factor) + added) * ((start * factor) + added) % divisor));
        }

        DriftQuestion Reversed()
        {
            var letters = new StringBuilder();
            for (var index = 0; index < 12; index++)
            {
                letters.Append((char)('a' + Next(0, 25)));
            }

            return Ask($"Write these letters in reverse order, without spaces: {letters}", new string([.. letters.ToString().Reverse()]));
        }
    }

    /// <summary>Whether the last marked line of a text is the answer; case and a final full stop don't matter.</summary>
    public static bool IsCorrect(string text, string answer)
    {
        var at = text.LastIndexOf(Mark, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return false;
        }

        var line = text[(at + Mark.Length)..].TrimStart();
        var end = line.IndexOfAny(['\r', '\n']);
        var given = (end < 0 ? line : line[..end]).Trim(' ', '.', '*', '`', '"', '\t');
        return string.Equals(given.Replace(",", string.Empty, StringComparison.Ordinal), answer, StringComparison.OrdinalIgnoreCase);
    }

    private static DriftQuestion Ask(string question, string answer) =>
        new($"{question} End with a line that holds nothing but \"{Mark} \" and the answer.", answer);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
