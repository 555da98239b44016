namespace AgentOps.Engine.Routing;

/// <summary>Keeps hedged calls within their share of all calls.</summary>
internal sealed class HedgeBudget(double share)
{
    private long _calls;
    private long _hedges;

    public void Called() => Interlocked.Increment(ref _calls);

    /// <summary>Whether one more may be hedged; a yes is counted.</summary>
    public bool TryTake()
    {
        // The first ten calls give the budget its first whole hedge, not less.
        var allowed = Math.Max(share > 0 ? 1 : 0, Interlocked.Read(ref _calls) * share);
        if (Interlocked.Increment(ref _hedges) <= allowed)
        {
            return true;
        }

        Interlocked.Decrement(ref _hedges);
        return false;
    }
}
