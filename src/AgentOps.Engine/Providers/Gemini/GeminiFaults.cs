using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Gemini;

/// <summary>Reads Google's errors.</summary>
internal static class GeminiFaults
{
    /// <summary>A response without success; a stream's error may come as the only element of an array.</summary>
    public static ProviderFault Read(FailedResponse response)
    {
        var root = JsonReading.TryParse(response.Body);
        var error = root is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[0].Member("error") : root.Member("error");
        return Make(error, response.Status, response.Body) with
        {
            Provider = response.Provider,
            Status = response.Status,
            RetryAfter = Delay(error) ?? RetryAdvice.Read(response.Headers, response.Now),
        };
    }

    /// <summary>An error within a stream.</summary>
    public static ProviderFault InStream(JsonElement error) =>
        Make(error, (int)Math.Clamp(error.Integer("code") ?? 500, 0, 599), error.ToString()) with { RetryAfter = Delay(error) };

    /// <summary>The error of one request of a batch, or of a whole one: a status of gRPC, by number alone.</summary>
    public static ProviderFault InBatch(JsonElement error)
    {
        var name = error.Integer("code") switch
        {
            3 => "INVALID_ARGUMENT",
            4 => "DEADLINE_EXCEEDED",
            5 => "NOT_FOUND",
            7 => "PERMISSION_DENIED",
            8 => "RESOURCE_EXHAUSTED",
            9 => "FAILED_PRECONDITION",
            14 => "UNAVAILABLE",
            16 => "UNAUTHENTICATED",
            _ => "INTERNAL",
        };
        return Make(error, name is "INVALID_ARGUMENT" or "FAILED_PRECONDITION" ? 400 : 500, error.ToString(), name);
    }

    private static ProviderFault Make(JsonElement? error, int status, string body, string? known = null)
    {
        var name = error.Text("status") ?? known;
        var detail = FaultText.Of(error.Text("message"), body);
        return new ProviderFault(KindOf(error, status, name, detail), "", detail) { VendorCode = name };
    }

    private static FaultKind KindOf(JsonElement? error, int status, string? name, string detail) => name switch
    {
        "RESOURCE_EXHAUSTED" => IsFinal(error, detail) ? FaultKind.QuotaExhausted : FaultKind.RateLimited,
        "UNAUTHENTICATED" or "PERMISSION_DENIED" => FaultKind.Authentication,
        "NOT_FOUND" => FaultKind.ModelNotFound,
        "UNAVAILABLE" => FaultKind.Overloaded,
        "DEADLINE_EXCEEDED" => FaultKind.TimedOut,
        "INTERNAL" or "UNKNOWN" => FaultKind.ServerError,
        "INVALID_ARGUMENT" when detail.Contains("API key", StringComparison.OrdinalIgnoreCase) => FaultKind.Authentication,
        "INVALID_ARGUMENT" when detail.Contains("token count", StringComparison.OrdinalIgnoreCase) => FaultKind.ContextTooLong,
        "FAILED_PRECONDITION" when detail.Contains("billing", StringComparison.OrdinalIgnoreCase) => FaultKind.QuotaExhausted,
        _ => FaultText.KindOf(status),
    };

    // The message speaks of quota and billing even for a limit a minute; the violated quota's id tells which it was.
    private static bool IsFinal(JsonElement? error, string detail)
    {
        var quotas = error.Items("details").SelectMany(item => item.Items("violations")).Select(item => item.Text("quotaId") ?? "").ToArray();
        if (quotas.Length > 0)
        {
            return quotas.Any(quota => quota.Contains("PerDay", StringComparison.Ordinal));
        }

        return Delay(error) is null && (detail.Contains("spend", StringComparison.OrdinalIgnoreCase)
            || detail.Contains("credit", StringComparison.OrdinalIgnoreCase)
            || detail.Contains("exceeded your current quota", StringComparison.OrdinalIgnoreCase));
    }

    private static TimeSpan? Delay(JsonElement? error) =>
        error.Items("details").Select(item => item.Text("retryDelay")).FirstOrDefault(delay => delay is not null) is { } text
            ? RetryAdvice.Duration(text)
            : null;
}
