using System.Globalization;

namespace AgentOps.Engine.Configuration;

/// <summary>Exact, culture-free readings of numbers and times, shared by configuration and by the binding of arguments.</summary>
internal static class YamlNumbers
{
    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Reads <c>-?digits(.digits)?</c> with at most 28 significant digits; minus zero becomes zero.</summary>
    public static bool TryDecimal(string text, out decimal value)
    {
        value = 0;
        var body = text.StartsWith('-') ? text.AsSpan(1) : text.AsSpan();
        var point = body.IndexOf('.');
        var whole = point < 0 ? body : body[..point];
        var fraction = point < 0 ? [] : body[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && fraction.IsEmpty)
            || whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9')
            || (whole.Length > 1 && whole[0] == '0') || whole.Length + fraction.Length > 28)
        {
            return false;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        value = value == 0 ? 0 : value;
        return true;
    }

    /// <summary>Reads a date with time and zone (a letter Z or an offset); gives it in UTC.</summary>
    public static bool TryTime(string text, out DateTimeOffset value)
    {
        value = default;
        var zoned = text.EndsWith('Z') || (text.Length > 6 && text[^3] == ':' && text[^6] is '+' or '-');
        if (!zoned || !DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
        {
            return false;
        }

        value = parsed.ToUniversalTime();
        return true;
    }

    /// <summary>The one spelling of a decimal: no exponent, no trailing zeros.</summary>
    public static string Spell(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>The one spelling of a time: UTC, with a fraction only where there is one.</summary>
    public static string Spell(DateTimeOffset value) => value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
