using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.OpenAI;

/// <summary>Reads OpenAI's and its compatibles' errors.</summary>
internal static class OpenAIFaults
{
    private static readonly string[] QuotaCodes =
        ["insufficient_quota", "quota_exceeded", "billing_hard_limit_reached", "billing_not_active", "insufficient_credits"];

    private static readonly string[] QuotaWords =
        ["exceeded your current quota", "credit balance", "insufficient credit", "out of credit", "no credit",
         "spend limit", "spending limit", "billing hard limit", "usage limit"];

    /// <summary>A response without success.</summary>
    public static ProviderFault Read(FailedResponse response)
    {
        var root = JsonReading.TryParse(response.Body);
        var error = root.Member("error") ?? root;
        var code = Code(error);
        var detail = Detail(error, response.Body);
        return new ProviderFault(KindOf(response.Status, code, error.Text("type"), detail), response.Provider, detail)
        {
            Status = response.Status,
            VendorCode = code,
            RetryAfter = RetryAdvice.Read(response.Headers, response.Now),
        };
    }

    /// <summary>An error within a stream that began with success.</summary>
    public static ProviderFault InStream(JsonElement error)
    {
        var code = Code(error);
        var detail = Detail(error, error.ToString());
        var status = error.Integer("code") is { } number and >= 400 and < 600 ? (int)number : 500;
        return new ProviderFault(KindOf(status, code, error.Text("type"), detail), "", detail) { VendorCode = code };
    }

    /// <summary>The error of one request of a batch.</summary>
    public static ProviderFault InBatch(int status, JsonElement? body)
    {
        var error = body.Member("error") ?? body;
        var code = Code(error);
        var detail = Detail(error, body?.ToString() ?? "");
        return new ProviderFault(KindOf(status, code, error.Text("type"), detail), "", detail) { Status = status, VendorCode = code };
    }

    private static FaultKind KindOf(int status, string? code, string? type, string detail)
    {
        switch (code)
        {
            case "context_length_exceeded" or "string_above_max_length":
                return FaultKind.ContextTooLong;
            case "content_filter" or "content_policy_violation":
                return FaultKind.ContentFiltered;
            case "model_not_found" or "DeploymentNotFound":
                return FaultKind.ModelNotFound;
            case "rate_limit_exceeded":
                return FaultKind.RateLimited;
        }

        var quota = QuotaCodes.Contains(code) || QuotaCodes.Contains(type)
            || QuotaWords.Any(word => detail.Contains(word, StringComparison.OrdinalIgnoreCase));
        return status switch
        {
            429 or 403 when quota => FaultKind.QuotaExhausted,
            not (400 or 422) => FaultText.KindOf(status),
            _ => detail.Contains("maximum context length", StringComparison.OrdinalIgnoreCase)
                ? FaultKind.ContextTooLong
                : FaultKind.InvalidRequest,
        };
    }

    private static string? Code(JsonElement? error) => error.Member("code") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.ToString(),
        _ => error.Text("type"),
    };

    private static string Detail(JsonElement? error, string body) => FaultText.Of(
        error is { ValueKind: JsonValueKind.String } plain ? plain.GetString() : error.Text("message") ?? error.Text("detail"), body);
}
