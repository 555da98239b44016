using System.Diagnostics;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Sessions;

/// <summary>Lists sessions, stops them, and settles what a crash left open.</summary>
public sealed class SessionDirectory
{
    // A runner on another host that has said nothing for so long is taken for gone.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(15);

    private readonly WorkspaceLedger _ledger;
    private readonly TimeProvider _time;

    internal SessionDirectory(WorkspaceLedger ledger, TimeProvider time)
    {
        _ledger = ledger;
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
                if (session.Status is not (SessionStatus.Running or SessionStatus.Interrupted))
                {
                    throw new AgentOpsException(ErrorCodes.SessionNotRunning, $"The session '{id}' has ended: {session.Status}.", id);
                }

                transaction.Add(Record(session, EventTypes.SessionStopRequested, new JsonObject().With("reason", reason)));
                if (session.Status == SessionStatus.Interrupted)
                {
                    transaction.Add(Record(session, EventTypes.SessionEnded, new JsonObject()
                        .With("status", nameof(SessionStatus.Stopped))
                        .With("reason", "The session's process was gone; it was ended by a stop.")));
                }

                return true;
            },
            cancellationToken);
        return await GetAsync(id, cancellationToken);
    }

    private static SessionState Require(WorkspaceState state, string id) =>
        state.Sessions.TryGetValue(id, out var session)
            ? session
            : throw new AgentOpsException(ErrorCodes.SessionNotFound, $"There is no session '{id}'.", id);

    private static NewEvent Record(SessionState session, string type, JsonObject data) =>
        new(type, EventTypes.Version, data) { Session = session.Id, Task = session.Task, Agent = session.Agent };

    private SessionState Judge(SessionState session) =>
        session.Status == SessionStatus.Running && IsGone(session)
            ? session with { Status = SessionStatus.Interrupted, Reason = "The process that ran it is gone." }
            : session;

    private bool IsGone(SessionState session)
    {
        if (!string.Equals(session.Runner.Host, Environment.MachineName, StringComparison.OrdinalIgnoreCase))
        {
            return _time.GetUtcNow() - session.LastActivity > Silence;
        }

        try
        {
            using var process = Process.GetProcessById(session.Runner.ProcessId);
            var started = new DateTimeOffset(process.StartTime.ToUniversalTime());
            return (started - session.Runner.ProcessStarted).Duration() > TimeSpan.FromSeconds(2);
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
