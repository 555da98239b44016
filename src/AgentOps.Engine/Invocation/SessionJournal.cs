using System.Text.Json.Nodes;
using System.Threading.Channels;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Telemetry;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// What a session writes: events to the ledger and to whoever listens. An outcome is held back until the next decision, so that
/// both are made durable at once; nothing that acts on the world ever starts before its intent is durable.
/// </summary>
internal sealed class SessionJournal(WorkspaceLedger ledger, SessionScope scope, ChannelWriter<SessionEvent> listener, SessionSignals? signals = null) : IDisposable
{
    private readonly List<HeldEvent> _held = [];
    private Task _readable = Task.CompletedTask;
    private Task _kept = Task.CompletedTask;

    /// <summary>The model call that is under way, counted from 1.</summary>
    public int Step { get; set; }

    /// <summary>The sequence of the last record that was written.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Holds an event back until the next append.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="data">Its data.</param>
    /// <param name="shown">What the listener is told of it.</param>
    /// <param name="placed">Told the event's ledger sequence, before what comes next is decided.</param>
    public void Hold(string type, JsonObject data, SessionEvent? shown, Action<long>? placed = null)
    {
        var record = Record(type, data);
        signals?.Observe(record);
        _held.Add(new HeldEvent(record, RecordCodec.Preview(record), shown, placed));
    }

    /// <summary>
    /// Holds back the next append until a payload that a held event names can be read: whoever takes the session over finds what its records
    /// name, whenever this process ends. The session then goes on when both are durable; they are flushed side by side.
    /// </summary>
    public void HoldFor(PayloadWrite payload)
    {
        _readable = Both(_readable, payload.Readable);
        _kept = Both(_kept, payload.Kept);

        static Task Both(Task before, Task next) => before.IsCompletedSuccessfully ? next : Task.WhenAll(before, next);
    }

    /// <summary>A state with what is held back, as it will be recorded.</summary>
    public WorkspaceState WithHeld(WorkspaceState state, long firstSequence, DateTimeOffset now) =>
        WorkspaceProjection.Preview(state, _held.Select(held => held.Ahead), firstSequence, now);

    /// <summary>Tells the listener something that is not recorded.</summary>
    public void Tell(SessionEvent shown) => listener.TryWrite(shown);

    /// <summary>An event of this session for the listener.</summary>
    public SessionEvent Event(SessionEventKind kind, DateTimeOffset time) =>
        new() { Kind = kind, Session = scope.Id, Agent = scope.Agent, Time = time, Step = Step };

    /// <summary>
    /// Appends what was held back and what is decided now, in one critical section and with one flush to disk; then tells the
    /// listener of both. What is decided knows what was held back. A runner that was replaced is refused here. The append can't be cancelled half way: it is short, and its outcome must be known.
    /// </summary>
    public async ValueTask<T> AppendAsync<T>(Func<WorkspaceState, DateTimeOffset, Draft, T> decide)
    {
        await ReadableAsync();
        Draft? draft = null;
        var result = await ledger.TransactAsync(
            (state, transaction) =>
            {
                SessionLease.Require(state, scope.Id, scope.Lease);
                draft = new Draft(transaction.NextSequence);
                foreach (var held in _held)
                {
                    held.Placed?.Invoke(draft.FirstSequence + draft.Events.Count);
                    draft.Add(held.Record, held.Shown);
                }

                // What was held back has happened: a decision sees what the session has just been told, not what it knew before.
                var decided = decide(WithHeld(state, draft.FirstSequence, transaction.Now), transaction.Now, draft);
                foreach (var (record, _) in draft.Events)
                {
                    transaction.Add(record);
                }

                return decided;
            },
            CancellationToken.None);

        foreach (var (record, _) in draft!.Events.Skip(_held.Count))
        {
            signals?.Observe(record);
        }

        _held.Clear();
        (var kept, _kept) = (_kept, Task.CompletedTask);
        await kept;
        for (var i = 0; i < draft.Events.Count; i++)
        {
            LastSequence = draft.FirstSequence + i;
            if (draft.Events[i].Shown is { } shown)
            {
                Tell(shown with { Sequence = LastSequence });
            }
        }

        return result;
    }

    private async Task ReadableAsync()
    {
        try
        {
            await _readable;
        }
        catch
        {
            // Told once; what is appended then is the session's end.
            (_readable, _kept) = (Task.CompletedTask, Task.CompletedTask);
            throw;
        }
    }

    /// <summary>Ends what is told to OpenTelemetry of this run.</summary>
    public void Dispose() => signals?.Dispose();

    /// <summary>Makes a record of this session.</summary>
    public NewEvent Record(string type, JsonObject data) => scope.Record(type, data);

    /// <summary>An event that is held back.</summary>
    /// <param name="Record">The event.</param>
    /// <param name="Ahead">Its record as far as it is known: without sequence and time.</param>
    /// <param name="Shown">What the listener is told of it.</param>
    /// <param name="Placed">Told its sequence.</param>
    private sealed record HeldEvent(NewEvent Record, LedgerRecord Ahead, SessionEvent? Shown, Action<long>? Placed);

    /// <summary>The events of one append, as they are decided.</summary>
    internal sealed class Draft(long firstSequence)
    {
        private readonly List<(NewEvent Record, SessionEvent? Shown)> _events = [];

        public long FirstSequence => firstSequence;

        public IReadOnlyList<(NewEvent Record, SessionEvent? Shown)> Events => _events;

        public void Add(NewEvent record, SessionEvent? shown) => _events.Add((record, shown));
    }
}
