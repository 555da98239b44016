using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Notifications;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Verification;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>One proposed tool call of a session: decided, recorded, run, its outcome recorded.</summary>
internal sealed class ToolTurn(
    SessionScope scope,
    SessionJournal journal,
    ToolGate gate,
    SessionEvidence seen,
    WorkspaceLedger ledger,
    IReadOnlyDictionary<ToolKind, IToolExecutor> executors,
    SecretRedactor redactor,
    IPayloadStore payloads,
    RequestNotifier notifier,
    TokenIssuer tokens,
    TimeProvider time)
{
    private static readonly TimeSpan AnswerInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Takes one proposed call as far as it may go.</summary>
    /// <param name="call">The call as the model wrote it.</param>
    /// <param name="id">Its id in the ledger.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="compensates">The id of the call that it undoes; null for a call of the model's.</param>
    public async Task<ToolTurnResult> RunAsync(ToolCallPart call, string id, CancellationToken cancellationToken, string? compensates = null)
    {
        var (proposal, end) = await journal.AppendAsync((state, now, draft) => Decide(state, now, draft, call, id, compensates));
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
                var outcome = await ExecuteAsync(proposal, cancellationToken);
                return new ToolTurnResult(proposal, ToolReply.Completed(call, outcome.Content, outcome.Succeeded), null) { IsUnknown = outcome.IsUnknown };
        }
    }

    /// <summary>Waits until persons have answered, or the request's time is over.</summary>
    private async Task AnswerAsync(string request, CancellationToken cancellationToken)
    {
        while ((await ledger.RefreshAsync(cancellationToken)).Approvals.Find(request) is { } asked && asked.StatusAt(time.GetUtcNow()) == ApprovalStatus.Pending)
        {
            await Task.Delay(AnswerInterval, time, cancellationToken);
        }
    }

    private (ToolProposal? Proposal, TurnEnd? End) Decide(WorkspaceState state, DateTimeOffset now, SessionJournal.Draft draft, ToolCallPart call, string id, string? compensates)
    {
        if (StopWatcher.Reason(state, scope) is { } stopped)
        {
            return (null, new TurnEnd(SessionStatus.Stopped, stopped));
        }

        var proposal = gate.Decide(state, scope, seen, call, id, now);
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
            .With("compensates", compensates)
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

        return (proposal, null);
    }

    private async Task<ToolOutcome> ExecuteAsync(ToolProposal proposal, CancellationToken cancellationToken)
    {
        var tool = proposal.Tool!;
        var started = time.GetTimestamp();
        if (executors[tool.Kind].NeedsFolder)
        {
            WorkFolder.Make(scope.WorkFolder);
        }

        var invocation = new ToolInvocation(
            tool,
            proposal.Arguments!,
            scope.Id,
            scope.Agent,
            scope.WorkFolder,
            gate.SandboxFor(tool),
            host => gate.IsHostGranted(ledger.Seen, scope, host, time.GetUtcNow()))
        {
            Identify = (host, audience, token) => tokens.IssueAsync(scope, tool, host, audience, token),
            Task = scope.Task,
            Caller = new Caller(scope.OnBehalfOf, scope.Delegators, proposal.Id, scope.PlanOnly, scope.Limits.MaxCost - ledger.Seen.Sessions[scope.Id].Cost) { Answer = proposal.Answer },
        };
        try
        {
            var outcome = proposal.Paths?.Moved() is { } moved
                ? new ToolOutcome(false, moved)
                : await executors[tool.Kind].ExecuteAsync(invocation, cancellationToken);
            outcome = outcome with { Content = redactor.Redact(outcome.Content) };
            Record(proposal, outcome, time.GetElapsedTime(started));
            return outcome;
        }
        catch (OperationCanceledException)
        {
            Record(proposal, new ToolOutcome(false, "The tool was ended because the session stopped.", IsUnknown: true), time.GetElapsedTime(started));
            throw;
        }
        catch (Exception fault)
        {
            // A fault of the executor itself: nobody knows how far the tool came.
            Record(proposal, new ToolOutcome(false, redactor.Redact(fault.Message), IsUnknown: true), time.GetElapsedTime(started));
            throw;
        }
    }

    private void Record(ToolProposal proposal, ToolOutcome outcome, TimeSpan duration)
    {
        // What only reads has no effect to be in doubt about.
        var word = outcome.Succeeded ? ToolCallOutcome.Ok
            : outcome.IsUnknown && proposal.Tool!.SideEffect != SideEffect.None ? ToolCallOutcome.Unknown
            : ToolCallOutcome.Error;
        var content = Encoding.UTF8.GetBytes(outcome.Content);
        string? reference = null;
        if (content.Length > 0)
        {
            (reference, var kept) = payloads.Begin(content);
            journal.HoldFor(kept);
        }

        var output = word == ToolCallOutcome.Ok ? seen.Add(proposal.Tool!.Name, proposal.Arguments!, outcome.Content, outcome.IsTruncated, time.GetUtcNow()) : null;
        journal.Hold(
            EventTypes.ToolCompleted,
            new JsonObject()
                .With("call", proposal.Id)
                .With("tool", proposal.Tool!.Name)
                .With("outcome", word)
                .With("output", reference)
                .With("bytes", content.Length)
                .With("truncated", outcome.IsTruncated)
                .With("untrusted", outcome.IsUntrusted)
                .With("dataClass", DataClasses.Highest(proposal.Tool.Data.Class, outcome.DataClass))
                .With("duration", (TimeSpan?)duration),
            journal.Event(SessionEventKind.ToolCompleted, time.GetUtcNow()) with
            {
                Tool = proposal.Tool.Name,
                Call = proposal.Id,
                Outcome = word,
                Text = outcome.Content,
            },
            sequence => output?.Place(sequence));
        if (outcome.Suspends is { } reason)
        {
            journal.Hold(EventTypes.ToolSuspended, new JsonObject().With("name", proposal.Tool.Name).With("reason", reason), shown: null);
        }

        if (proposal.Reservation is { } reservation)
        {
            // Only what certainly had no effect gives back what it had set aside.
            var settled = word == ToolCallOutcome.Error
                ? LimitEvents.MakeReleased(reservation, "the tool failed")
                : LimitEvents.MakeCommitted(reservation, null);
            journal.Hold(settled.Type, settled.Data, shown: null);
        }
    }
}
