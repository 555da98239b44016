namespace AgentOps.Engine.Permissions;

/// <summary>
/// Wildcard matching in time linear in pattern × text, without culture. <c>?</c> is one character and <c>*</c> any run,
/// neither crossing the separator; <c>**</c> crosses it.
/// </summary>
internal static class Wildcard
{
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, char separator, StringComparison comparison)
    {
        // reach[j]: the pattern read so far matches the first j characters of the text.
        Span<bool> reach = text.Length < 512 ? stackalloc bool[text.Length + 1] : new bool[text.Length + 1];
        reach.Clear();
        reach[0] = true;
        var i = 0;
        while (i < pattern.Length)
        {
            if (pattern[i] == '*')
            {
                var crosses = separator == '\0' || (i + 1 < pattern.Length && pattern[i + 1] == '*');
                while (i < pattern.Length && pattern[i] == '*')
                {
                    i++;
                }

                for (var j = 1; j <= text.Length; j++)
                {
                    reach[j] |= reach[j - 1] && (crosses || text[j - 1] != separator);
                }
            }
            else
            {
                var one = pattern.Slice(i, 1);
                for (var j = text.Length; j > 0; j--)
                {
                    reach[j] = reach[j - 1] && (one[0] == '?' ? text[j - 1] != separator || separator == '\0' : text.Slice(j - 1, 1).Equals(one, comparison));
                }

                reach[0] = false;
                i++;
            }
        }

        return reach[text.Length];
    }
}
