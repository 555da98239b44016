using System.Globalization;
using System.Text;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>Makes the one clear error of a routed call that failed.</summary>
internal static class RouteFailure
{
    public static AgentOpsException NoTarget(RouteDecision decision)
    {
        var text = new StringBuilder($"The route '{decision.Route}' has no target for this prompt:");
        foreach (var candidate in decision.Candidates)
        {
            text.Append(CultureInfo.InvariantCulture, $" {candidate.Target}: {candidate.Reason}");
        }

        return new AgentOpsException(ErrorCodes.NoEligibleTarget, text.ToString(), decision.Route);
    }

    public static AgentOpsException Unaffordable(string route, string refusal) => new(
        ErrorCodes.NoEligibleTarget,
        $"The route '{route}' is not called: {refusal}",
        route,
        "Wait until the budget's window has moved on, or raise it with Set-AgentOpsBudget.",
        new ProviderFaultException(new ProviderFault(FaultKind.QuotaExhausted, "agentops", refusal)));

    public static AgentOpsException Forbidden(string route, string refusal) => new(
        ErrorCodes.PermissionDenied,
        $"The route '{route}' is not called: {refusal}",
        route,
        innerException: new ProviderFaultException(new ProviderFault(FaultKind.Forbidden, "agentops", refusal)));

    public static AgentOpsException Failed(string route, IReadOnlyList<RouteAttempt> attempts)
    {
        var last = attempts[^1].Fault!;
        var text = new StringBuilder($"The route '{route}' got no answer:");
        foreach (var attempt in attempts)
        {
            text.Append(CultureInfo.InvariantCulture, $" {attempt.Target} (try {attempt.Number}): {(attempt.Fault is null ? "given up, another was faster." : Sentence(attempt.Fault))}");
        }

        return new AgentOpsException(Code(last.Kind), text.ToString(), route, innerException: new ProviderFaultException(last));
    }

    public static AgentOpsException Interrupted(string route, RouteAttempt attempt) => new(
        ErrorCodes.AnswerInterrupted,
        $"The route '{route}' lost the answer of {attempt.Target} in the middle: {Sentence(attempt.Fault!)}",
        route,
        innerException: new ProviderFaultException(attempt.Fault!));

    public static AgentOpsException OfBatch(string what, ProviderFault fault, string batch) =>
        new(Code(fault.Kind), $"{what}: {Sentence(fault)}", batch, innerException: new ProviderFaultException(fault));

    private static string Sentence(ProviderFault fault)
    {
        var status = fault.Status is { } code ? $"HTTP {code}: " : "";
        var detail = fault.Detail.TrimEnd();
        return $"{status}{detail}{(detail.EndsWith('.') ? "" : ".")}";
    }

    private static ErrorCode Code(FaultKind kind) => kind switch
    {
        FaultKind.Authentication => ErrorCodes.ProviderAuthentication,
        FaultKind.InvalidRequest or FaultKind.ContentFiltered or FaultKind.ContextTooLong => ErrorCodes.ProviderRequestRefused,
        FaultKind.QuotaExhausted => ErrorCodes.ProviderQuotaExhausted,
        FaultKind.TimedOut => ErrorCodes.ProviderTimeout,
        _ => ErrorCodes.ProviderFailed,
    };
}
