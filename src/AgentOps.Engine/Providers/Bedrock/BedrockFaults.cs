using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Bedrock;

/// <summary>Reads Bedrock's errors.</summary>
internal static class BedrockFaults
{
    /// <summary>A response without success: the exception's name is in a header or in the body.</summary>
    public static ProviderFault Read(FailedResponse response)
    {
        var root = JsonReading.TryParse(response.Body);
        var name = response.Headers.NonValidated.TryGetValues("x-amzn-errortype", out var values)
            ? values.ToString()
            : root.Text("__type");
        name = name?.Split(':')[0].Split('#')[^1];
        var detail = FaultText.Of(root.Text("message") ?? root.Text("Message"), response.Body);
        return new ProviderFault(KindOf(name, detail) ?? FaultText.KindOf(response.Status), response.Provider, detail)
        {
            Status = response.Status,
            VendorCode = name,
            RetryAfter = RetryAdvice.Read(response.Headers, response.Now),
        };
    }

    /// <summary>An exception within a stream.</summary>
    public static ProviderFault InStream(EventStreamMessage frame)
    {
        var body = System.Text.Encoding.UTF8.GetString(frame.Payload.Span);
        var name = frame.Header(":exception-type") ?? frame.Header(":error-code") ?? "";
        var detail = FaultText.Of(frame.Header(":error-message") ?? JsonReading.TryParse(body).Text("message"), body);
        return new ProviderFault(KindOf(name, detail) ?? FaultKind.ServerError, "", detail) { VendorCode = name };
    }

    /// <summary>The error of one record of a batch: a status and words, without the exception's name.</summary>
    public static ProviderFault InBatch(JsonElement error)
    {
        var status = (int)Math.Clamp(error.Integer("errorCode") ?? 500, 0, 599);
        var detail = FaultText.Of(error.Text("errorMessage"), error.ToString());
        return new ProviderFault((status == 400 ? KindOf("ValidationException", detail) : null) ?? FaultText.KindOf(status), "", detail) { Status = status };
    }

    private static FaultKind? KindOf(string? name, string detail) => name?.ToUpperInvariant() switch
    {
        "THROTTLINGEXCEPTION" => detail.Contains("per day", StringComparison.OrdinalIgnoreCase)
            ? FaultKind.QuotaExhausted
            : FaultKind.RateLimited,
        "SERVICEQUOTAEXCEEDEDEXCEPTION" => FaultKind.QuotaExhausted,
        "MODELNOTREADYEXCEPTION" or "SERVICEUNAVAILABLEEXCEPTION" => FaultKind.Overloaded,
        "MODELTIMEOUTEXCEPTION" => FaultKind.TimedOut,
        "INTERNALSERVEREXCEPTION" or "MODELERROREXCEPTION" or "MODELSTREAMERROREXCEPTION" => FaultKind.ServerError,
        "ACCESSDENIEDEXCEPTION" or "UNRECOGNIZEDCLIENTEXCEPTION" or "INVALIDSIGNATUREEXCEPTION" or "EXPIREDTOKENEXCEPTION" =>
            FaultKind.Authentication,
        "RESOURCENOTFOUNDEXCEPTION" => FaultKind.ModelNotFound,
        "VALIDATIONEXCEPTION" => detail.Contains("too long", StringComparison.OrdinalIgnoreCase)
            || detail.Contains("maximum context", StringComparison.OrdinalIgnoreCase)
                ? FaultKind.ContextTooLong
                : FaultKind.InvalidRequest,
        _ => null,
    };
}
