using System.Globalization;

namespace AgentOps.Engine.Permissions;

/// <summary>What texts must not hold.</summary>
internal static class LiteralCheck
{
    /// <summary>Why a text is refused, or null.</summary>
    public static string? Refusal(string text, LiteralRules rules)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) && c is not ('\t' or '\n' or '\r'))
            {
                return "holds control characters";
            }
        }

        if (rules.HasFlag(LiteralRules.SingleLine) && text.AsSpan().ContainsAny("\r\n\u2028\u2029\u0085"))
        {
            return "must be one line";
        }

        if (rules.HasFlag(LiteralRules.NoWildcards) && text.AsSpan().ContainsAny("*?[]"))
        {
            return "must not hold the wildcard characters * ? [ ]";
        }

        // En dash, em dash and horizontal bar count as dashes on a PowerShell command line.
        if (rules.HasFlag(LiteralRules.NoLeadingDash) && text.Length > 0 && text[0] is '-' or '\u2013' or '\u2014' or '\u2015')
        {
            return "must not begin with a dash";
        }

        return rules.HasFlag(LiteralRules.NoScript) && LooksLikeScript(text) ? "must not hold script" : null;
    }

    /// <summary>Why a text is no plain path of the file system, or null.</summary>
    public static string? PathRefusal(string text)
    {
        if (text.Length == 0 || text.Contains("::", StringComparison.Ordinal) || text[0] == '~' || text.StartsWith(@"\\", StringComparison.Ordinal)
            || text.StartsWith("//", StringComparison.Ordinal))
        {
            return "must be a plain path of the file system, without provider, share, device or home sign";
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && !(colon == 1 && char.IsAsciiLetter(text[0]) && text.IndexOf(':', 2) < 0 && OperatingSystem.IsWindows()))
        {
            return "must be a plain path of the file system, without a drive or a stream";
        }

        return IsPlain(text) ? null : "holds characters that can't be seen or have more than one spelling";
    }

    /// <summary>
    /// Whether a text has one spelling only and nothing invisible in it: no combining marks, no format characters, no
    /// compatibility or singleton forms. A forbid that tests any other text answers Deny, for it could be a disguise.
    /// Works without culture data, as the native helper runs.
    /// </summary>
    public static bool IsPlain(string text)
    {
        if (System.Text.Ascii.IsValid(text))
        {
            return true;
        }

        foreach (var c in text)
        {
            if (c < 0x80)
            {
                continue;
            }

            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
                or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                || c is '\u2126' or '\u212A' or '\u212B' or '\u00A0' or (>= '\u1100' and <= '\u11FF') or (>= '\u1F70' and <= '\u1FFF')
                or (>= '\u2000' and <= '\u200A') or (>= '\uF900' and <= '\uFAFF') or (>= '\uFB00' and <= '\uFB4F') or (>= '\uFF00' and <= '\uFFEF'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool LooksLikeScript(string text)
    {
        var trimmed = text.AsSpan().Trim();
        return text.Contains("$(", StringComparison.Ordinal) || text.Contains("@(", StringComparison.Ordinal) || text.Contains("@{", StringComparison.Ordinal)
            || (trimmed.Length > 1 && trimmed[0] == '{' && trimmed[^1] == '}');
    }
}
