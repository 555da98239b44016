using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace AgentOps.Engine.Permissions;

/// <summary>Patterns of the language: the whole text must match, without backtracking and without culture.</summary>
internal static class PatternText
{
    private const int LongestPattern = 1024;

    public static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, out string problem)
    {
        regex = null;
        if (pattern.Length > LongestPattern)
        {
            problem = "longer than 1024 characters";
            return false;
        }

        try
        {
            // Compiled alone first: a pattern such as 'a)|(b' must not get its parentheses from the frame.
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            regex = new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            problem = "";
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            problem = exception.Message.ReplaceLineEndings(" ");
            return false;
        }
    }
}
