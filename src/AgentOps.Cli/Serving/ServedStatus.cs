using AgentOps.Engine.Providers;

namespace AgentOps.Cli.Serving;

/// <summary>The HTTP status of a fault where the vendor has none of its own.</summary>
internal static class ServedStatus
{
    public static int Of(FaultKind kind) => kind switch
    {
        FaultKind.RateLimited or FaultKind.QuotaExhausted => 429,
        FaultKind.Overloaded => 503,
        FaultKind.Authentication => 401,
        FaultKind.Forbidden => 403,
        FaultKind.ModelNotFound => 404,
        FaultKind.InvalidRequest or FaultKind.ContextTooLong or FaultKind.ContentFiltered => 400,
        FaultKind.TimedOut => 504,
        FaultKind.Unreachable => 502,
        _ => 500,
    };
}
