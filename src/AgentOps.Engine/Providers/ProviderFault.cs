namespace AgentOps.Engine.Providers;

/// <summary>One failed call of a provider.</summary>
/// <param name="Kind">What it means for the next step.</param>
/// <param name="Provider">The provider's name.</param>
/// <param name="Detail">The vendor's own words, or ours; never a secret.</param>
public sealed record ProviderFault(FaultKind Kind, string Provider, string Detail)
{
    /// <summary>The HTTP status, where there was one.</summary>
    public int? Status { get; init; }

    /// <summary>The vendor's own code, for example <c>insufficient_quota</c>.</summary>
    public string? VendorCode { get; init; }

    /// <summary>How long the provider asks to wait, where it says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What was asked for can't have begun: the connection never stood, or a step before it failed.</summary>
    public bool NeverBegan { get; init; }

    /// <summary>How a server that stands in for the vendor writes the wait: seconds, milliseconds, date, duration or none.</summary>
    public string RetryAfterForm { get; init; } = "seconds";

    /// <summary>The same call may succeed at the same target after a wait.</summary>
    public bool IsTransient => Kind is FaultKind.RateLimited or FaultKind.Overloaded or FaultKind.ServerError
        or FaultKind.Unreachable or FaultKind.TimedOut or FaultKind.Interrupted;

    /// <summary>
    /// Another target may answer the same request. Only a request that is wrong in itself fails everywhere;
    /// a filtered prompt or one too long may pass at another vendor.
    /// </summary>
    public bool AllowsFallback => Kind is not FaultKind.InvalidRequest;
}
