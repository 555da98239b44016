using System.Collections.Immutable;

namespace AgentOps.Engine.Permissions;

/// <summary>What was used of one limit.</summary>
/// <param name="Total">The sum of what was committed and is still kept.</param>
/// <param name="Reserved">The sum of what is in flight.</param>
/// <param name="Window">The limit's window; null for ever, where only the total is kept.</param>
/// <param name="Entries">What was committed, oldest first; empty for ever.</param>
internal sealed record LimitUse(decimal Total, decimal Reserved, TimeSpan? Window, ImmutableQueue<LimitEntry> Entries)
{
    public static LimitUse Start(TimeSpan? window) => new(0, 0, window, []);

    /// <summary>Committed and reserved together, at a moment.</summary>
    public decimal At(DateTimeOffset now) => Prune(now) is var use ? use.Total + use.Reserved : 0;

    public LimitUse Reserve(decimal amount) => this with { Reserved = Reserved + amount };

    /// <summary>Takes back a reservation and counts what was really used.</summary>
    public LimitUse Settle(decimal reserved, decimal used, DateTimeOffset time)
    {
        var next = Prune(time) with { Reserved = Reserved - reserved };
        if (used == 0)
        {
            return next;
        }

        return next with { Total = next.Total + used, Entries = Window is null ? next.Entries : next.Entries.Enqueue(new LimitEntry(time, used)) };
    }

    /// <summary>Without what has left the window; the same where nothing has.</summary>
    public LimitUse Prune(DateTimeOffset now)
    {
        var use = this;
        while (!use.Entries.IsEmpty && use.Entries.Peek() is var oldest && oldest.Time <= now - Window)
        {
            use = use with { Total = use.Total - oldest.Amount, Entries = use.Entries.Dequeue() };
        }

        return use;
    }
}
