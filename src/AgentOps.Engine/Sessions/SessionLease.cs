using AgentOps.Engine.Errors;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Sessions;

/// <summary>
/// The right to run a session, held by one runner at a time. The ledger is the fence: whoever takes a session over is given the
/// next token in the critical section of an append, and each append of a runner is refused there when its token is no longer the
/// newest. No intent, and so no effect, can follow from a runner that was replaced, whatever clocks and schedulers do.
/// </summary>
internal static class SessionLease
{
    /// <summary>A runner that has shown nothing for so long may be replaced, though its process still exists.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    /// <summary>A runner that has had nothing to write for so long says that it still works.</summary>
    public static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The session with its status as it is now: one whose runner is gone, or silent beyond its lease, is interrupted. One that a client runs
    /// has no runner here: it lasts until it is stopped or its time is over.
    /// </summary>
    public static SessionState Judge(SessionState session, DateTimeOffset now)
    {
        if (session.Status != SessionStatus.Running)
        {
            return session;
        }

        if (session.Served is { } limits)
        {
            return session.IsStopRequested ? session with { Status = SessionStatus.Stopped, Reason = session.Reason is { } told ? $"It was stopped: {told}" : "It was stopped." }
                : now >= session.Started + limits.MaxDuration ? session with { Status = SessionStatus.LimitReached, Reason = "Its time is over." }
                : session;
        }

        var why = session.Runner.IsGone() ? "The process that ran it is gone."
            : now - session.Renewed > Duration ? "The process that ran it has not been heard of."
            : null;
        return why is null ? session : session with { Status = SessionStatus.Interrupted, Reason = why };
    }

    /// <summary>Whether a runner with this token still holds the session. One that is not in the ledger yet is being opened.</summary>
    public static bool IsHeld(WorkspaceState state, string session, int token) =>
        !state.Sessions.TryGetValue(session, out var found) || (found.Lease == token && found.Status == SessionStatus.Running);

    /// <summary>Refuses a runner that no longer holds the session.</summary>
    /// <exception cref="AgentOpsException"><c>SessionTaken</c>.</exception>
    public static void Require(WorkspaceState state, string session, int token)
    {
        if (!IsHeld(state, session, token))
        {
            throw new AgentOpsException(ErrorCodes.SessionTaken, $"Another process took the session '{session}' over, or ended it; this one has stopped working on it.", session);
        }
    }
}
