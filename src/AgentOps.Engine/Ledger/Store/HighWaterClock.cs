namespace AgentOps.Engine.Ledger;

/// <summary>
/// A clock that never goes back and never stands still: the machine's time, but at least the newest time seen
/// in the ledger plus what a monotonic clock counted since. So an expired grant stays expired when the
/// machine's clock is set back.
/// </summary>
internal sealed class HighWaterClock(TimeProvider time)
{
    private DateTimeOffset _mark = DateTimeOffset.MinValue;
    private long _stamp = time.GetTimestamp();

    /// <summary>The time now, UTC.</summary>
    public DateTimeOffset Now
    {
        get
        {
            var now = time.GetUtcNow();
            var floor = _mark == DateTimeOffset.MinValue ? _mark : _mark + time.GetElapsedTime(_stamp);
            now = now > floor ? now : floor;
            Raise(now);
            return now;
        }
    }

    /// <summary>Takes note of a time in the ledger.</summary>
    public void Raise(DateTimeOffset seen)
    {
        if (seen > _mark)
        {
            _mark = seen;
            _stamp = time.GetTimestamp();
        }
    }
}
