namespace AgentOps.Engine.Permissions;

/// <summary>The literal text that every match of a pattern begins with: a necessary condition that is looked up instead of tried.</summary>
internal static class PatternPrefix
{
    private const string Special = @"\*+?|{[()^$.";

    /// <summary>
    /// The beginning of the pattern up to its first character with a meaning of its own; empty where nothing is certain. Patterns
    /// compare ordinal and have no options but those that they set themselves, which hold only for what follows.
    /// </summary>
    /// <param name="pattern">A pattern that compiles.</param>
    public static string Of(string pattern)
    {
        // An alternative may begin with anything; telling where it stands would take a parser.
        if (pattern.Contains('|', StringComparison.Ordinal))
        {
            return "";
        }

        var prefix = new System.Text.StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length && char.IsAsciiLetterOrDigit(pattern[i + 1]) is false && char.IsAscii(pattern[i + 1]))
            {
                prefix.Append(pattern[++i]);
                continue;
            }

            if (!Special.Contains(c, StringComparison.Ordinal))
            {
                prefix.Append(c);
                continue;
            }

            // What may repeat no time is no part of it.
            prefix.Length -= c is '*' or '?' or '{' && prefix.Length > 0 ? 1 : 0;
            break;
        }

        return prefix.ToString();
    }
}
