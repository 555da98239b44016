namespace AgentOps.Engine.Providers.Simulated;

/// <summary>A scripted fault in the engine's terms.</summary>
internal static class SimulatedFaults
{
    /// <summary>The fault that comes instead of an answer; null for those that strike within it.</summary>
    public static ProviderFault? BeforeAnswer(ScenarioFault fault, string provider) => fault.Kind switch
    {
        ScenarioFaultKind.RateLimit => new(FaultKind.RateLimited, provider, "A scripted rate limit.")
        {
            Status = 429,
            RetryAfter = fault.RetryAfter,
            RetryAfterForm = fault.Header,
        },
        ScenarioFaultKind.Quota => new(FaultKind.QuotaExhausted, provider, "A scripted end of credit.") { Status = 429 },
        ScenarioFaultKind.Overloaded => new(FaultKind.Overloaded, provider, "A scripted overload.")
        {
            Status = 503,
            RetryAfter = fault.RetryAfter,
            RetryAfterForm = fault.Header,
        },
        ScenarioFaultKind.ServerError => new(FaultKind.ServerError, provider, "A scripted server error.") { Status = 500 },
        ScenarioFaultKind.Authentication => new(FaultKind.Authentication, provider, "A scripted refusal of the credential.") { Status = 401 },
        ScenarioFaultKind.InvalidRequest => new(FaultKind.InvalidRequest, provider, "A scripted refusal of the request.") { Status = 400 },
        ScenarioFaultKind.ContentFilter => new(FaultKind.ContentFiltered, provider, "A scripted content filter.") { Status = 400 },
        ScenarioFaultKind.ContextLength => new(FaultKind.ContextTooLong, provider, "A scripted context limit.") { Status = 400 },
        _ => null,
    };
}
