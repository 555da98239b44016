using System.Globalization;

namespace AgentOps.Engine.Providers.Http;

/// <summary>What the readers of vendors' errors share.</summary>
internal static class FaultText
{
    private const int Longest = 1000;

    /// <summary>The vendor's words, or the body where it has none, cut to a sane length.</summary>
    public static string Of(string? message, string body)
    {
        var text = string.IsNullOrWhiteSpace(message) ? body.Trim() : message;
        if (text.Length == 0)
        {
            return "The provider gave no reason.";
        }

        return text.Length <= Longest
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, Longest)}… ({text.Length} characters)");
    }

    /// <summary>What a status means where nothing else is known.</summary>
    public static FaultKind KindOf(int status) => status switch
    {
        402 => FaultKind.QuotaExhausted,
        429 => FaultKind.RateLimited,
        401 or 403 => FaultKind.Authentication,
        404 => FaultKind.ModelNotFound,
        408 => FaultKind.TimedOut,
        409 or 503 or 529 => FaultKind.Overloaded,
        413 => FaultKind.ContextTooLong,
        >= 500 => FaultKind.ServerError,
        >= 400 => FaultKind.InvalidRequest,
        >= 300 => FaultKind.Protocol,
        _ => FaultKind.ServerError,
    };
}
