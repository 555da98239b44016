using AgentOps.Engine.Sessions;

namespace AgentOps.Engine.Invocation;

/// <summary>Why a session goes no further.</summary>
/// <param name="Status">How it ends.</param>
/// <param name="Reason">Why, in a sentence.</param>
internal sealed record TurnEnd(SessionStatus Status, string Reason)
{
    /// <summary>For <see cref="SessionStatus.LimitReached"/>: the bound that struck.</summary>
    public SessionLimit Limit { get; init; } = SessionLimit.Rule;

    /// <summary>For <see cref="SessionStatus.Pending"/>: the request that persons answer.</summary>
    public string? Request { get; init; }

    /// <summary>A bound struck.</summary>
    public static TurnEnd At(SessionLimit limit, string reason) => new(SessionStatus.LimitReached, reason) { Limit = limit };
}
