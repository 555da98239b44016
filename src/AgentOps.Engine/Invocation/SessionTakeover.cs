using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// Takes a session over in one critical section: whoever held it is fenced off, what it left of calls that only read is closed,
/// and a further prompt is added where there is one. Under the session's own identity; nothing is run.
/// </summary>
internal sealed class SessionTakeover(WorkspaceLedger ledger, IPayloadStore payloads, string account, TimeProvider time)
{
    /// <summary>Takes over a session that waits, was interrupted or failed.</summary>
    /// <exception cref="AgentOpsException"><c>SessionNotFound</c>, <c>SessionTaken</c>, <c>SessionNotResumable</c>, <c>SessionInDoubt</c>, <c>AgentNotFound</c>, <c>AgentSuspended</c>.</exception>
    public ValueTask<SessionState> ResumeAsync(string id) => TakeAsync(
        id,
        session => session.IsResumable
            ? null
            : $"The session '{id}' has ended: {session.Status}.",
        EventTypes.SessionResumed,
        new JsonObject());

    /// <summary>Takes over a session that nobody runs, to undo what it did.</summary>
    /// <exception cref="AgentOpsException"><c>SessionNotFound</c>, <c>SessionTaken</c>, <c>AgentNotFound</c>.</exception>
    public ValueTask<SessionState> UndoAsync(string id) => TakeAsync(id, _ => null, EventTypes.SessionUndoStarted, new JsonObject());

    /// <summary>Goes on with a session that has ended, with a further prompt of the person for whom it acts.</summary>
    /// <exception cref="AgentOpsException">As for <see cref="ResumeAsync"/>.</exception>
    public async ValueTask<SessionState> PromptAsync(InvocationRequest request, string domain, InvocationLimits limits, string onBehalfOf)
    {
        var prompt = await payloads.PutAsync(Encoding.UTF8.GetBytes(request.Prompt), CancellationToken.None);
        var schema = request.OutputSchema is { } output ? await payloads.PutAsync(Encoding.UTF8.GetBytes(output.Json.ToJsonString()), CancellationToken.None) : null;
        return await TakeAsync(
            request.Session!,
            session => !string.Equals(session.Agent, request.Agent, StringComparison.OrdinalIgnoreCase) ? $"The session '{session.Id}' is one of the agent '{session.Agent}'."
                : session.OnBehalfOf != onBehalfOf ? $"The session '{session.Id}' acts for '{session.OnBehalfOf}', not for '{onBehalfOf}'."
                : session.IsStopRequested ? $"The session '{session.Id}' was stopped."
                : session.Status is SessionStatus.Pending or SessionStatus.Interrupted ? $"The session '{session.Id}' has not ended: {session.Status}."
                : null,
            EventTypes.SessionResumed,
            new JsonObject().With("prompt", prompt).With("domain", domain).With("outputSchema", schema).With("planOnly", request.PlanOnly).With("limits", limits.ToJson()));
    }

    /// <summary>Ends a session that was taken over and can't be gone on with.</summary>
    public static async ValueTask EndAsync(WorkspaceLedger ledger, SessionState session, string reason) => await ledger.TransactAsync(
        (state, transaction) =>
        {
            SessionLease.Require(state, session.Id, session.Lease);
            transaction.Add(session.Record(EventTypes.SessionEnded, new JsonObject().With("status", nameof(SessionStatus.Failed)).With("reason", reason)));
            return true;
        },
        CancellationToken.None);

    private async ValueTask<SessionState> TakeAsync(string id, Func<SessionState, string?> refuse, string type, JsonObject data)
    {
        await ledger.RefreshAsync(CancellationToken.None);
        return await ledger.ChangeAsync(
            (state, transaction) =>
            {
                var session = SessionLease.Judge(SessionDirectory.Require(state, id), transaction.Now < time.GetUtcNow() ? time.GetUtcNow() : transaction.Now);
                Check(state, session, refuse(session), isUndo: type == EventTypes.SessionUndoStarted);
                foreach (var call in session.Pending.Values.Where(call => call.SideEffect == SideEffect.None))
                {
                    transaction.Add(session.Record(EventTypes.ToolCompleted, new JsonObject()
                        .With("call", call.Call)
                        .With("tool", call.Tool)
                        .With("outcome", ToolCallOutcome.Error)
                        .With("reason", "The call was cut short. It only reads, so it may be proposed again.")));
                }

                transaction.Add(session.Record(type, data
                    .With("runner", SessionRunner.ThisProcess(account))
                    .With("lease", session.Lease + 1)
                    .With("cost", (decimal?)SpendGuard.Used(session))));
            },
            state => state.Sessions[id],
            CancellationToken.None);
    }

    private static void Check(WorkspaceState state, SessionState session, string? refusal, bool isUndo)
    {
        if (session.Served is not null)
        {
            throw new AgentOpsException(
                ErrorCodes.SessionNotResumable, $"A client of a served route runs the session '{session.Id}'; nothing of it can be run here.", session.Id,
                "Give the client another token of it with New-AgentOpsToken -Session, or stop it.");
        }

        if (session.Status == SessionStatus.Running)
        {
            throw new AgentOpsException(ErrorCodes.SessionTaken, $"The process {session.Runner.ProcessId} on '{session.Runner.Host}' runs the session '{session.Id}'.", session.Id);
        }

        if (refusal is not null)
        {
            throw new AgentOpsException(ErrorCodes.SessionNotResumable, refusal, session.Id);
        }

        if (session.IsInDoubt && !isUndo)
        {
            var calls = string.Join(", ", session.Pending.Values.Where(call => call.SideEffect != SideEffect.None).OrderBy(call => call.Sequence).Select(call => $"{call.Call} ({call.Tool})"));
            throw new AgentOpsException(ErrorCodes.SessionInDoubt, $"Nobody knows whether these calls of the session '{session.Id}' had their effect: {calls}.", session.Id);
        }

        if (AgentDirectory.Require(state, session.Agent).IsSuspended && !isUndo)
        {
            throw new AgentOpsException(ErrorCodes.AgentSuspended, $"The agent '{session.Agent}' is suspended.", session.Agent);
        }
    }
}
