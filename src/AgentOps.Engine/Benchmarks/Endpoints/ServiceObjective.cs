namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>What a call must keep to count as good; null: no such promise. All of them must hold.</summary>
/// <param name="TimeToFirstToken">The longest wait for the first delta.</param>
/// <param name="TimePerOutputToken">The longest mean time of a further token.</param>
/// <param name="EndToEnd">The longest time to the end of the answer.</param>
public sealed record ServiceObjective(TimeSpan? TimeToFirstToken, TimeSpan? TimePerOutputToken, TimeSpan? EndToEnd)
{
    /// <summary>No promise: every call that succeeds is good.</summary>
    public static ServiceObjective None { get; } = new(null, null, null);

    /// <summary>Whether a call kept every promise; a failed one never did.</summary>
    public bool IsMetBy(CallSample sample) =>
        sample.Error is null
        && Keeps(sample.FirstDelta, TimeToFirstToken)
        && Keeps(sample.TimePerOutputToken, TimePerOutputToken)
        && Keeps(sample.EndToEnd, EndToEnd);

    // An answer of one token has no time per further token: that promise holds for it.
    private static bool Keeps(double? seconds, TimeSpan? promise) => promise is null || seconds is null || seconds <= promise.Value.TotalSeconds;
}
