using System.Globalization;
using System.Net.Http.Headers;

namespace AgentOps.Engine.Providers.Http;

/// <summary>Reads how long a provider asks to wait, in each form that is in use.</summary>
internal static class RetryAdvice
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>
    /// <c>retry-after-ms</c>, then <c>retry-after</c> (seconds, also with a fraction, or an HTTP date), then the reset headers of
    /// the dimension that is used up (durations such as <c>6m0s</c>, or a date). Null when nothing usable is said, as on Azure,
    /// whose headers may hold <c>-1</c> or <c>0</c>.
    /// </summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (Number(Value(headers, "retry-after-ms")) is { } milliseconds and >= 0)
        {
            return Bound(TimeSpan.FromMilliseconds(milliseconds));
        }

        if (Value(headers, "retry-after") is { } after)
        {
            if (Number(after) is { } seconds and >= 0)
            {
                return Bound(TimeSpan.FromSeconds(seconds));
            }

            if (Date(after) is { } date)
            {
                return Bound(date - now);
            }
        }

        TimeSpan? longest = null;
        foreach (var (remaining, reset) in ResetHeaders)
        {
            if (Value(headers, remaining) == "0" && Value(headers, reset) is { } text
                && (Duration(text) ?? (Date(text) is { } date ? date - now : null)) is { } wait
                && wait > TimeSpan.Zero && (longest is null || wait > longest))
            {
                longest = wait;
            }
        }

        return longest is { } found ? Bound(found) : null;
    }

    /// <summary>A duration as OpenAI and Google write it: <c>6m0s</c>, <c>1h2m</c>, <c>20ms</c>, <c>1.5s</c>. Null when it is none.</summary>
    public static TimeSpan? Duration(string text)
    {
        var total = TimeSpan.Zero;
        var position = 0;
        while (position < text.Length)
        {
            var start = position;
            while (position < text.Length && (char.IsAsciiDigit(text[position]) || text[position] == '.'))
            {
                position++;
            }

            var unit = position;
            while (position < text.Length && char.IsAsciiLetter(text[position]))
            {
                position++;
            }

            if (!double.TryParse(text.AsSpan(start, unit - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                || value > 1e9)
            {
                return null;
            }

            TimeSpan? part = text.AsSpan(unit, position - unit) switch
            {
                "d" => TimeSpan.FromDays(value),
                "h" => TimeSpan.FromHours(value),
                "m" => TimeSpan.FromMinutes(value),
                "s" => TimeSpan.FromSeconds(value),
                "ms" => TimeSpan.FromMilliseconds(value),
                "us" or "µs" => TimeSpan.FromMicroseconds(value),
                _ => null,
            };
            if (part is null)
            {
                return null;
            }

            total += part.Value;
        }

        return text.Length == 0 ? null : total;
    }

    private static IEnumerable<(string Remaining, string Reset)> ResetHeaders =>
    [
        ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
        ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
        ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
        ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
        ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
        ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
    ];

    private static string? Value(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString().Trim() : null;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number < 1e12
            ? number
            : null;

    private static DateTimeOffset? Date(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    private static TimeSpan Bound(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;
}
