using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Sessions;

/// <summary>Lists sessions, stops them, and settles what a crash left open.</summary>
public sealed class SessionDirectory
{
    private readonly WorkspaceLedger _ledger;
    private readonly SessionStory _story;
    private readonly TimeProvider _time;

    internal SessionDirectory(WorkspaceLedger ledger, IPayloadStore payloads, TimeProvider time)
    {
        _ledger = ledger;
        _story = new SessionStory(payloads);
        _time = time;
    }

    /// <summary>All sessions, oldest first. One whose runner is gone is <see cref="SessionStatus.Interrupted"/>.</summary>
    public async ValueTask<IReadOnlyList<SessionState>> ListAsync(CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        return state.Sessions.Values.OrderBy(session => session.FirstSequence).Select(Judge).ToArray();
    }

    /// <summary>One session.</summary>
    /// <exception cref="AgentOpsException"><c>SessionNotFound</c>.</exception>
    public async ValueTask<SessionState> GetAsync(string id, CancellationToken cancellationToken) =>
        Judge(Require(await _ledger.RefreshAsync(cancellationToken), id));

    /// <summary>Tells what happened in sessions, in the order of the ledger.</summary>
    /// <param name="ids">The sessions.</param>
    /// <param name="follow">Whether to go on with what happens until each of them has ended.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AgentOpsException"><c>SessionNotFound</c>.</exception>
    public async IAsyncEnumerable<StoryLine> TellAsync(IReadOnlyCollection<string> ids, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        var open = ids.Select(id => Judge(Require(state, id))).ToDictionary(session => session.Id);
        var query = new LedgerQuery
        {
            FromSequence = open.Values.Min(session => session.FirstSequence),
            Session = open.Count == 1 ? open.Keys.Single() : null,
            Follow = follow && open.Values.Any(IsOpen),
        };
        await foreach (var record in _ledger.Store.ReadAsync(query, cancellationToken))
        {
            if (record.Session is null || !open.TryGetValue(record.Session, out var session))
            {
                continue;
            }

            foreach (var line in await _story.TellAsync(record, session.Agent, cancellationToken))
            {
                yield return line;
            }

            if (query.Follow && record.Type is EventTypes.SessionEnded or EventTypes.SessionStopRequested && !IsOpen(Judge((await _ledger.RefreshAsync(cancellationToken)).Sessions[session.Id])))
            {
                open.Remove(session.Id);
                if (open.Count == 0)
                {
                    yield break;
                }
            }
        }
    }

    private static bool IsOpen(SessionState session) => session.Status is SessionStatus.Running or SessionStatus.Pending or SessionStatus.Interrupted;

    /// <summary>
    /// The sessions that a scheduler may go on with, oldest first: those whose requests are all answered or past their time, and
    /// those whose runner is gone, unless calls of theirs are in doubt.
    /// </summary>
    public async ValueTask<IReadOnlyList<SessionState>> ListDueAsync(CancellationToken cancellationToken)
    {
        var all = await ListAsync(cancellationToken);
        var (approvals, now) = (_ledger.Seen.Approvals, _time.GetUtcNow());
        return all.Where(session => !session.IsInDoubt && session.Status switch
        {
            SessionStatus.Interrupted => true,
            SessionStatus.Pending => session.Requests.All(id => approvals.Find(id)?.StatusAt(now) != ApprovalStatus.Pending),
            _ => false,
        }).ToArray();
    }

    /// <summary>
    /// Records what a person found out about calls in doubt: whether each had its effect. Nothing is run.
    /// </summary>
    /// <param name="id">The session.</param>
    /// <param name="outcomes">By call, <see cref="ToolCallOutcome.Ok"/> or <see cref="ToolCallOutcome.Error"/>.</param>
    /// <param name="reason">The person's words.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="AgentOpsException"><c>SessionNotFound</c>, <c>CallNotInDoubt</c>, <c>SessionTaken</c> while it runs, <c>ValueNotUnderstood</c>.</exception>
    public async ValueTask<SessionState> ReconcileAsync(string id, IReadOnlyDictionary<string, string> outcomes, string? reason, CancellationToken cancellationToken)
    {
        await _ledger.TransactAsync(
            (state, transaction) =>
            {
                var session = Judge(Require(state, id));
                if (session.Status == SessionStatus.Running)
                {
                    throw new AgentOpsException(ErrorCodes.SessionTaken, $"The session '{id}' still runs, so none of its calls is in doubt.", id);
                }

                foreach (var (call, outcome) in outcomes)
                {
                    transaction.Add(Reconciled(session, call, outcome, reason));
                }

                return true;
            },
            cancellationToken);
        return await GetAsync(id, cancellationToken);
    }

    private static NewEvent Reconciled(SessionState session, string call, string outcome, string? reason)
    {
        if (!session.Pending.TryGetValue(call, out var intent))
        {
            throw new AgentOpsException(ErrorCodes.CallNotInDoubt, $"The session '{session.Id}' has no call '{call}' in doubt.", call);
        }

        var word = outcome.ToLowerInvariant();
        return word is ToolCallOutcome.Ok or ToolCallOutcome.Error
            ? Record(session, EventTypes.ToolReconciled, new JsonObject().With("call", intent.Call).With("tool", intent.Tool).With("outcome", word).With("reason", reason))
            : throw new AgentOpsException(ErrorCodes.ValueNotUnderstood, $"'{outcome}' says nothing of the call '{call}'; say 'ok' or 'error'.", outcome);
    }

    /// <summary>
    /// Asks a session to stop, from any process. No effect of it follows the record; its model call is cancelled and its tools are
    /// ended within a second. A session whose runner is gone is ended here.
    /// </summary>
    /// <exception cref="AgentOpsException"><c>SessionNotFound</c>, <c>SessionNotRunning</c>.</exception>
    public async ValueTask<SessionState> StopAsync(string id, string? reason, CancellationToken cancellationToken)
    {
        await _ledger.TransactAsync(
            (state, transaction) =>
            {
                var session = Judge(Require(state, id));
                if (session.Status is not (SessionStatus.Running or SessionStatus.Pending or SessionStatus.Interrupted))
                {
                    throw new AgentOpsException(ErrorCodes.SessionNotRunning, $"The session '{id}' has ended: {session.Status}.", id);
                }

                transaction.Add(Record(session, EventTypes.SessionStopRequested, new JsonObject().With("reason", reason)));
                if (session.Status != SessionStatus.Running)
                {
                    transaction.Add(Record(session, EventTypes.SessionEnded, new JsonObject()
                        .With("status", nameof(SessionStatus.Stopped))
                        .With("reason", string.IsNullOrWhiteSpace(reason) ? "Nobody ran it; it was ended by a stop." : $"Nobody ran it; it was ended by a stop: {reason}")));
                }

                return true;
            },
            cancellationToken);
        return await GetAsync(id, cancellationToken);
    }

    /// <summary>The session, or an error that says how to find one.</summary>
    internal static SessionState Require(WorkspaceState state, string id) =>
        state.Sessions.TryGetValue(id, out var session)
            ? session
            : throw new AgentOpsException(ErrorCodes.SessionNotFound, $"There is no session '{id}'.", id);

    private static NewEvent Record(SessionState session, string type, JsonObject data) =>
        new(type, EventTypes.Version, data) { Session = session.Id, Task = session.Task, Agent = session.Agent };

    private SessionState Judge(SessionState session) => SessionLease.Judge(session, _time.GetUtcNow());
}
