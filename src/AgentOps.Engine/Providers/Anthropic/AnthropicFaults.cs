using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Anthropic;

/// <summary>Reads Anthropic's errors.</summary>
internal static class AnthropicFaults
{
    private static readonly string[] QuotaWords =
        ["credit balance", "spend limit", "spending limit", "usage limit", "monthly limit", "out of credit", "billing"];

    /// <summary>A response without success.</summary>
    public static ProviderFault Read(FailedResponse response)
    {
        var error = JsonReading.TryParse(response.Body).Member("error");
        var type = error.Text("type");
        var detail = FaultText.Of(error.Text("message"), response.Body);
        return new ProviderFault(KindOf(response.Status, type, detail), response.Provider, detail)
        {
            Status = response.Status,
            VendorCode = type,
            RetryAfter = RetryAdvice.Read(response.Headers, response.Now),
        };
    }

    /// <summary>An <c>error</c> event after the response had begun with success.</summary>
    public static ProviderFault InStream(JsonElement data)
    {
        var error = data.Member("error");
        var type = error.Text("type");
        var detail = FaultText.Of(error.Text("message"), data.ToString());
        return new ProviderFault(KindOf(0, type, detail), "", detail) { VendorCode = type };
    }

    private static FaultKind KindOf(int status, string? type, string detail)
    {
        var quota = QuotaWords.Any(word => detail.Contains(word, StringComparison.OrdinalIgnoreCase));
        if (type is "billing_error" || status == 402 || (quota && (status is 400 or 403 or 429 || type is "rate_limit_error")))
        {
            return FaultKind.QuotaExhausted;
        }

        return type switch
        {
            "rate_limit_error" => FaultKind.RateLimited,
            "overloaded_error" => FaultKind.Overloaded,
            "authentication_error" or "permission_error" => FaultKind.Authentication,
            "not_found_error" => FaultKind.ModelNotFound,
            "request_too_large" => FaultKind.ContextTooLong,
            "timeout_error" => FaultKind.TimedOut,
            "api_error" => FaultKind.ServerError,
            "invalid_request_error" => detail.Contains("prompt is too long", StringComparison.OrdinalIgnoreCase)
                ? FaultKind.ContextTooLong
                : FaultKind.InvalidRequest,
            _ => FaultText.KindOf(status),
        };
    }
}
