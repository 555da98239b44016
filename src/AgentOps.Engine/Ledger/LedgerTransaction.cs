using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>What a decision sees and adds while it is in the critical section. Used by one thread, for the time of the decision.</summary>
public sealed class LedgerTransaction
{
    private readonly ILedgerProjection _projection;
    private readonly long _start;
    private List<NewEvent>? _events;

    internal LedgerTransaction(DateTimeOffset now, long nextSequence, ILedgerProjection projection)
    {
        Now = now;
        _start = nextSequence;
        _projection = projection;
    }

    /// <summary>The time of the records to be added: UTC, never before that of any record of the ledger, though the machine's clock went back.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The sequence that the next added event will have.</summary>
    public long NextSequence => _start + Events.Count;

    internal IReadOnlyList<NewEvent> Events => _events ?? [];

    internal IReadOnlyList<LedgerRecord> Records { get; set; } = [];

    /// <summary>Adds an event. It is applied to the projection when the decision has returned.</summary>
    /// <exception cref="AgentOpsException">The projection does not know the type, or the type is the store's own.</exception>
    public void Add(NewEvent newEvent)
    {
        ArgumentNullException.ThrowIfNull(newEvent);
        if (newEvent.Type.StartsWith(LedgerEvents.Prefix, StringComparison.Ordinal) || !_projection.Knows(newEvent.Type, newEvent.Version))
        {
            throw new AgentOpsException(ErrorCodes.InternalError, $"The event '{newEvent.Type}' version {newEvent.Version} is not known to the state that it is to change.", newEvent.Type);
        }

        (_events ??= []).Add(newEvent);
    }

    internal void AddOwn(NewEvent newEvent) => (_events ??= []).Add(newEvent);
}
