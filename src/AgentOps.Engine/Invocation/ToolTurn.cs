using System.Text.Json.Nodes;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Notifications;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Verification;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// Proposed tool calls of a session: decided, recorded, run, their outcomes recorded. Calls that only read are run side by side where
/// each would be decided the same whatever became of the others.
/// </summary>
internal sealed class ToolTurn(
    SessionScope scope,
    SessionJournal journal,
    ToolGate gate,
    SessionEvidence seen,
    WorkspaceLedger ledger,
    ToolRunner runner,
    RequestNotifier notifier,
    TimeProvider time)
{
    private static readonly TimeSpan AnswerInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Most calls that run side by side.</summary>
    public const int MostTogether = 8;

    /// <summary>Whether a proposed call may be one of several that run side by side, as far as its tool is concerned.</summary>
    public bool MayOverlap(ToolCallPart call) => ledger.Seen.Tools.TryGetValue(call.Name, out var tool) && runner.MayOverlap(tool.Definition);

    /// <summary>Takes one proposed call as far as it may go.</summary>
    /// <param name="call">The call as the model wrote it.</param>
    /// <param name="id">Its id in the ledger.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="compensates">The id of the call that it undoes; null for a call of the model's.</param>
    public async Task<ToolTurnResult> RunAsync(ToolCallPart call, string id, CancellationToken cancellationToken, string? compensates = null)
    {
        var (proposal, end) = await journal.AppendAsync((state, now, draft) => Decide(state, now, draft, call, id, compensates));
        return await FinishAsync(call, id, proposal, end, compensates, cancellationToken);
    }

    /// <summary>
    /// Takes the first of proposed calls as far as it may go, and with it, side by side, those after it that only read and whose
    /// decisions rest on nothing that a call changes: no history, no fact of the session, no limit, no evidence. So each is decided
    /// as it would be after the others; their intents are recorded in order, in one append, and so are their outcomes.
    /// </summary>
    /// <param name="calls">The calls, at least one; all but the first <see cref="MayOverlap"/>.</param>
    /// <param name="ids">Their ids in the ledger.</param>
    /// <param name="cancellationToken">Stops all of them.</param>
    /// <returns>The results of the calls that were taken, at least one, in order.</returns>
    public async Task<IReadOnlyList<ToolTurnResult>> RunAsync(IReadOnlyList<ToolCallPart> calls, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var (proposals, end) = await journal.AppendAsync((state, now, draft) => Decide(state, now, draft, calls, ids));
        if (proposals.Count < 2)
        {
            return [await FinishAsync(calls[0], ids[0], proposals.FirstOrDefault(), end, null, cancellationToken)];
        }

        var outcomes = await runner.RunAsync(proposals, cancellationToken);
        return outcomes.Select((outcome, i) => Completed(proposals[i], outcome)).ToArray();
    }

    private async Task<ToolTurnResult> FinishAsync(ToolCallPart call, string id, ToolProposal? proposal, TurnEnd? end, string? compensates, CancellationToken cancellationToken)
    {
        if (proposal?.Events.Any(attached => attached.Type == ApprovalEvents.Requested) == true)
        {
            await notifier.NotifyAsync(proposal.Approval!, cancellationToken);
        }

        while (end is null && proposal!.Verdict == ToolVerdict.Pending && !scope.NoWait)
        {
            await AnswerAsync(proposal.Approval!, cancellationToken);
            (proposal, end) = await journal.AppendAsync((state, now, draft) => Decide(state, now, draft, call, id, compensates));
        }

        if (end is not null)
        {
            return new ToolTurnResult(proposal, null, end);
        }

        switch (proposal!.Verdict)
        {
            case ToolVerdict.Pending:
                var waits = $"Persons were asked about the call of '{proposal.Tool!.Name}' (request '{proposal.Approval}').";
                return new ToolTurnResult(proposal, null, new TurnEnd(SessionStatus.Pending, waits) { Request = proposal.Approval });
            case ToolVerdict.Refused:
                return new ToolTurnResult(proposal, ToolReply.Refused(call, proposal.Reason), null);
            case ToolVerdict.Planned:
                return new ToolTurnResult(proposal, ToolReply.Planned(call), null);
            default:
                return Completed(proposal, (await runner.RunAsync([proposal], cancellationToken))[0]);
        }
    }

    private static ToolTurnResult Completed(ToolProposal proposal, ToolOutcome outcome) =>
        new(proposal, ToolReply.Completed(proposal.Call, outcome.Content, outcome.Succeeded), null) { IsUnknown = outcome.IsUnknown };

    /// <summary>Waits until persons have answered, or the request's time is over.</summary>
    private async Task AnswerAsync(string request, CancellationToken cancellationToken)
    {
        while ((await ledger.RefreshAsync(cancellationToken)).Approvals.Find(request) is { } asked && asked.StatusAt(time.GetUtcNow()) == ApprovalStatus.Pending)
        {
            await Task.Delay(AnswerInterval, time, cancellationToken);
        }
    }

    private (List<ToolProposal> Proposals, TurnEnd? End) Decide(WorkspaceState state, DateTimeOffset now, SessionJournal.Draft draft, IReadOnlyList<ToolCallPart> calls, IReadOnlyList<string> ids)
    {
        var (first, end) = Decide(state, now, draft, calls[0], ids[0], compensates: null);
        var proposals = new List<ToolProposal>(calls.Count);
        if (first is not null)
        {
            proposals.Add(first);
        }

        if (end is not null || first is not { Verdict: ToolVerdict.Allowed } || !runner.MayOverlap(first.Tool!))
        {
            return (proposals, end);
        }

        for (var i = 1; i < calls.Count; i++)
        {
            var proposal = gate.Decide(state, scope, seen, calls[i], ids[i], now);
            if (!proposal.IsIndependent || !runner.MayOverlap(proposal.Tool!))
            {
                break;
            }

            Write(proposal, now, draft);
            proposals.Add(proposal);
        }

        return (proposals, null);
    }

    private (ToolProposal? Proposal, TurnEnd? End) Decide(WorkspaceState state, DateTimeOffset now, SessionJournal.Draft draft, ToolCallPart call, string id, string? compensates)
    {
        if (StopWatcher.Reason(state, scope) is { } stopped)
        {
            return (null, new TurnEnd(SessionStatus.Stopped, stopped));
        }

        var proposal = gate.Decide(state, scope, seen, call, id, now, compensates);
        Write(proposal, now, draft);
        return (proposal, null);
    }

    private void Write(ToolProposal proposal, DateTimeOffset now, SessionJournal.Draft draft)
    {
        var (call, id) = (proposal.Call, proposal.Id);
        var arguments = proposal.Arguments?.ToJson().ToJsonString() ?? call.ArgumentsJson;
        var shown = new SessionEvent
        {
            Kind = SessionEventKind.ToolStarted,
            Session = scope.Id,
            Agent = scope.Agent,
            Time = now,
            Step = journal.Step,
            Tool = proposal.Tool?.Name ?? call.Name,
            Call = id,
            Arguments = arguments,
            Rules = proposal.Rules,
            Detail = proposal.Detail,
        };
        var data = new JsonObject()
            .With("call", id)
            .With("compensates", proposal.Compensates)
            .With("step", journal.Step)
            .With("tool", proposal.Tool?.Name ?? call.Name)
            .With("digest", proposal.Tool?.Digest)
            .With("arguments", ArgumentRecord.Of(proposal))
            .With("touches", proposal.Touches)
            .With("rules", proposal.Rules)
            .With("policy", proposal.Policy.Length > 0 ? proposal.Policy : null)
            .With("verification", proposal.Verification.ToJson());
        foreach (var attached in proposal.Events)
        {
            var isRequest = attached.Type == ApprovalEvents.Requested;
            draft.Add(
                attached with { Session = scope.Id, Task = scope.Task, Agent = scope.Agent, OnBehalfOf = scope.OnBehalfOf },
                isRequest ? shown with { Kind = SessionEventKind.ApprovalRequested, Approval = proposal.Approval, Form = proposal.Form, Reason = proposal.Reason } : null);
        }

        switch (proposal.Verdict)
        {
            case ToolVerdict.Pending:
                break;
            case ToolVerdict.Refused:
                draft.Add(
                    journal.Record(EventTypes.ToolRefused, data.With("reason", proposal.Reason)),
                    shown with { Kind = SessionEventKind.ToolRefused, Reason = proposal.Reason });
                break;
            case ToolVerdict.Planned:
                draft.Add(journal.Record(EventTypes.ToolPlanned, data), shown with { Kind = SessionEventKind.ToolPlanned });
                break;
            default:
                draft.Add(journal.Record(EventTypes.ToolStarted, data.With("sideEffect", proposal.Tool!.SideEffect.ToString())), shown);
                break;
        }
    }
}
