using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>The loop of one session: the model is asked, what it proposes is taken as far as it may go, until an answer, a limit or a stop.</summary>
internal sealed class SessionRun(
    SessionScope scope,
    SessionJournal journal,
    ModelTurn modelTurn,
    Compactor compactor,
    ToolTurn toolTurn,
    SessionUndo undo,
    WorkspaceLedger ledger,
    IPayloadStore payloads,
    TimeProvider time)
{
    private const int SameRefusalsAtMost = 3;
    private const int MisfitsAtMost = 3;

    private readonly List<Message> _messages = [];
    private readonly Dictionary<string, int> _refused = new(StringComparer.Ordinal);
    private string _answer = string.Empty;
    private JsonElement? _output;
    private int _misfits;
    private decimal _cost;
    private long _inputTokens;
    private long _outputTokens;
    private int _proposed;
    private int _executed;
    private int _refusals;
    private int _planned;

    /// <summary>Runs to the end, which is recorded whatever happens. One that fails first undoes what it did, where its agent is told to.</summary>
    /// <param name="instructions">The agent's system instructions.</param>
    /// <param name="conversation">What was said until now, the newest prompt included.</param>
    /// <param name="cancellationToken">The caller stops it.</param>
    /// <exception cref="AgentOpsException">
    /// A provider or the store failed; the session is ended as failed. <c>SessionTaken</c>: another runner has it; nothing was recorded.
    /// </exception>
    public async Task<InvocationResult> RunAsync(string instructions, Conversation conversation, CancellationToken cancellationToken)
    {
        if (scope.OutputSchema is { } schema)
        {
            instructions = $"{instructions}\n\n{AnswerWords.Instruction(schema)}".TrimStart();
        }

        if (instructions.Length > 0)
        {
            _messages.Add(new Message(MessageRole.System, [new TextPart(instructions)]));
        }

        Continue(conversation);
        var (end, fault) = scope.Undoing is { } failure
            ? (new TurnEnd(failure.Status, failure.Reason), null)
            : await RunToEndAsync(conversation, cancellationToken);
        var result = await EndAsync(end, IsToUndo(end) ? await undo.AfterFailureAsync(end, cancellationToken) : UndoReport.Nothing);
        fault?.Throw();
        return result;
    }

    /// <summary>A stop is not undone unless a person says so: nothing takes effect after it.</summary>
    private bool IsToUndo(TurnEnd end) => scope.Undoing is not null
        || (!scope.PlanOnly
            && end.Status is SessionStatus.Failed or SessionStatus.LimitReached or SessionStatus.Refused
            && ledger.Seen.Agents.TryGetValue(scope.Agent, out var agent) && agent.Definition.UndoOnFailure);

    private async Task<(TurnEnd End, ExceptionDispatchInfo? Fault)> RunToEndAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        using var stop = new CancellationTokenSource();
        using var deadline = new CancellationTokenSource(scope.Limits.MaxDuration, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop.Token, deadline.Token);
        await using (StopWatcher.Start(ledger, scope, stop, time))
        {
            try
            {
                return (await LoopAsync(conversation, linked.Token), null);
            }
            catch (OperationCanceledException) when (linked.IsCancellationRequested)
            {
                return (WhyCancelled(stop.IsCancellationRequested, deadline.IsCancellationRequested), null);
            }
            catch (AgentOpsException fault) when (fault.Code != ErrorCodes.SessionTaken)
            {
                return (new TurnEnd(SessionStatus.Failed, fault.Message), ExceptionDispatchInfo.Capture(fault));
            }
            catch (Exception fault) when (fault is not AgentOpsException)
            {
                var told = new AgentOpsException(ErrorCodes.InternalError, $"The session '{scope.Id}' failed: {fault.Message}", scope.Id, innerException: fault);
                return (new TurnEnd(SessionStatus.Failed, fault.Message), ExceptionDispatchInfo.Capture(told));
            }
        }
    }

    private void Continue(Conversation conversation)
    {
        _messages.AddRange(conversation.Messages);
        _answer = conversation.Answer;
        _misfits = conversation.Misfits;
        _inputTokens = conversation.InputTokens;
        _outputTokens = conversation.OutputTokens;
        _proposed = conversation.Proposed;
        _executed = conversation.Executed;
        _refusals = conversation.Refused;
        _planned = conversation.Planned;
        journal.Step = conversation.Steps;
    }

    private async Task<TurnEnd> LoopAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        if (conversation.Open.Count > 0 && await ToolsAsync(conversation.Open, conversation.ReplyOf, cancellationToken) is { } early)
        {
            return early;
        }

        while (true)
        {
            if (journal.Step >= scope.Limits.MaxSteps)
            {
                return TurnEnd.At(SessionLimit.Steps, FormattableString.Invariant($"The limit of {scope.Limits.MaxSteps} model calls was reached."));
            }

            cancellationToken.ThrowIfCancellationRequested();
            var next = modelTurn.Prepare(ledger.Seen, _messages);
            if (await compactor.RunAsync(next, _messages, cancellationToken) is { } compacted)
            {
                if (compacted.Summary.End is { } over)
                {
                    return over;
                }

                Compact(compacted);
                next = modelTurn.Prepare(ledger.Seen, _messages);
            }

            var turn = await modelTurn.RunAsync(next, cancellationToken);
            if (turn.End is { } end)
            {
                return end;
            }

            Book(turn);
            _answer = turn.Text.Length > 0 ? turn.Text : _answer;
            _messages.Add(turn.Message);
            if (turn.Calls.Count == 0)
            {
                if (AnswerEnd(turn.Stop) is var answered && (answered.Status != SessionStatus.Completed || IsTaken(turn.Text)))
                {
                    return answered;
                }

                continue;
            }

            if (await ToolsAsync(turn.Calls, _ => null, cancellationToken) is { } ended)
            {
                return ended;
            }
        }
    }

    private void Compact(CompactedTurn compacted)
    {
        Book(compacted.Summary);
        if (compacted.Messages is { } messages)
        {
            _messages.Clear();
            _messages.AddRange(messages);
        }
    }

    private void Book(ModelTurnResult turn)
    {
        _cost += turn.Cost;
        _inputTokens += turn.Usage.InputTokens;
        _outputTokens += turn.Usage.OutputTokens;
    }

    /// <summary>Whether the answer fits the schema that was given for it; if not, the model is told why, a few times.</summary>
    /// <exception cref="AgentOpsException"><c>AnswerInvalid</c>: it did not fit that often.</exception>
    private bool IsTaken(string answer)
    {
        if (scope.OutputSchema is not { } schema)
        {
            return true;
        }

        if (schema.TryRead(answer, out var value, out var problem))
        {
            _output = value;
            return true;
        }

        journal.Hold(
            EventTypes.AnswerRefused,
            new JsonObject().With("step", journal.Step).With("reason", problem),
            journal.Event(SessionEventKind.AnswerRefused, time.GetUtcNow()) with { Reason = problem });
        _messages.Add(AnswerWords.Correction(problem));
        return ++_misfits < MisfitsAtMost
            ? false
            : throw new AgentOpsException(ErrorCodes.AnswerInvalid, FormattableString.Invariant($"The answer in the session '{scope.Id}' did not fit the schema, {_misfits} times. The last one: {problem}."), scope.Id);
    }

    private async Task<TurnEnd?> ToolsAsync(IReadOnlyList<ToolCallPart> calls, Func<int, ToolResultPart?> known, CancellationToken cancellationToken)
    {
        var replies = new List<MessagePart>(calls.Count);
        while (replies.Count < calls.Count)
        {
            if (_proposed >= scope.Limits.MaxToolCalls)
            {
                return TurnEnd.At(SessionLimit.ToolCalls, FormattableString.Invariant($"The limit of {scope.Limits.MaxToolCalls} tool calls was reached."));
            }

            if (known(replies.Count) is { } reply)
            {
                _proposed++;
                replies.Add(reply);
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            var together = Together(calls, replies.Count, known);
            foreach (var result in await toolTurn.RunAsync(together, [.. together.Select((_, i) => Conversation.CallId(_proposed + 1 + i))], cancellationToken))
            {
                _proposed++;
                if (result.End is { } end)
                {
                    return end;
                }

                replies.Add(result.Reply!);
                if (Count(result.Proposal!) is { } enough)
                {
                    return enough;
                }
            }
        }

        _messages.Add(new Message(MessageRole.Tool, replies));
        return null;
    }

    /// <summary>The next call, and those after it that may run beside it.</summary>
    private List<ToolCallPart> Together(IReadOnlyList<ToolCallPart> calls, int first, Func<int, ToolResultPart?> known)
    {
        var together = new List<ToolCallPart> { calls[first] };
        var most = Math.Min(ToolTurn.MostTogether, scope.Limits.MaxToolCalls - _proposed);
        for (var i = first + 1; i < calls.Count && together.Count < most && toolTurn.MayOverlap(calls[first]) && toolTurn.MayOverlap(calls[i]) && known(i) is null; i++)
        {
            together.Add(calls[i]);
        }

        return together;
    }

    private TurnEnd? Count(ToolProposal proposal)
    {
        switch (proposal.Verdict)
        {
            case ToolVerdict.Allowed:
                _executed++;
                return null;
            case ToolVerdict.Pending:
                return null;
            case ToolVerdict.Planned:
                _planned++;
                return null;
            default:
                _refusals++;
                var same = _refused[proposal.Identity] = _refused.GetValueOrDefault(proposal.Identity) + 1;
                return same < SameRefusalsAtMost
                    ? null
                    : new TurnEnd(SessionStatus.Refused, FormattableString.Invariant($"The model proposed the same refused call of '{proposal.Call.Name}' {same} times. {proposal.Reason}"));
        }
    }

    private static TurnEnd AnswerEnd(StopReason reason) => reason switch
    {
        StopReason.MaxTokens => TurnEnd.At(SessionLimit.OutputTokens, "The model's answer was cut at its limit of output tokens."),
        StopReason.ContextWindowExceeded => TurnEnd.At(SessionLimit.Context, "The conversation no longer fits the model's context."),
        StopReason.Refusal => new TurnEnd(SessionStatus.Refused, "The model refused to answer."),
        StopReason.ContentFilter => new TurnEnd(SessionStatus.Refused, "The provider's content filter withheld the answer."),
        StopReason.Malformed => new TurnEnd(SessionStatus.Failed, "The model proposed a tool call that can't be read."),
        _ => new TurnEnd(SessionStatus.Completed, "The agent answered."),
    };

    private TurnEnd WhyCancelled(bool isStopped, bool isLate)
    {
        if (isStopped)
        {
            SessionLease.Require(ledger.Seen, scope.Id, scope.Lease);
            return new TurnEnd(SessionStatus.Stopped, StopWatcher.Reason(ledger.Seen, scope) ?? "The store could not be read.");
        }

        return isLate
            ? TurnEnd.At(SessionLimit.Duration, FormattableString.Invariant($"The limit of {scope.Limits.MaxDuration.TotalSeconds:0.###} s of wall time was reached."))
            : new TurnEnd(SessionStatus.Stopped, "The caller stopped it.");
    }

    private async Task<InvocationResult> EndAsync(TurnEnd end, UndoReport report)
    {
        var reason = report.HasBegun ? $"{end.Reason} {report}" : end.Reason;
        string? answer = null;
        if (_answer.Length > 0)
        {
            var payload = payloads.Begin(Encoding.UTF8.GetBytes(_answer));
            answer = payload.Reference;
            journal.HoldFor(payload);
        }

        var result = new InvocationResult
        {
            Session = scope.Id,
            Agent = scope.Agent,
            Status = end.Status,
            Answer = _answer,
            Output = _output,
            Reason = reason,
            Cost = _cost,
            InputTokens = _inputTokens,
            OutputTokens = _outputTokens,
            Steps = journal.Step,
            ToolCalls = _executed,
            Refusals = _refusals,
            Planned = _planned,
            Undone = report.Calls,
            Duration = time.GetUtcNow() - scope.Started,
            FirstSequence = ledger.Seen.Sessions.TryGetValue(scope.Id, out var known) ? known.FirstSequence : 0,
            LastSequence = 0,
        };
        var (type, kind) = end.Status == SessionStatus.Pending
            ? (EventTypes.SessionWaiting, SessionEventKind.Waiting)
            : (EventTypes.SessionEnded, SessionEventKind.Ended);
        await journal.AppendAsync((_, now, draft) =>
        {
            if (!report.HasBegun)
            {
                LimitRecord.Add(journal, draft, end, now);
            }

            draft.Add(
                journal.Record(type, new JsonObject()
                    .With("status", end.Status.ToString())
                    .With("reason", reason)
                    .With("undone", report.HasBegun ? report.Undone : null)
                    .With("steps", journal.Step)
                    .With("requests", end.Request is { } request ? [request] : [])
                    .With("answer", answer)),
                shown: null);
            return true;
        });

        // The ledger's own sum also knows what a broken call was billed.
        result = result with
        {
            LastSequence = journal.LastSequence,
            Cost = ledger.Seen.Sessions.TryGetValue(scope.Id, out var session) ? session.Cost : _cost,
        };
        journal.Tell(journal.Event(kind, time.GetUtcNow()) with
        {
            Sequence = journal.LastSequence,
            Reason = reason,
            Text = _answer,
            Cost = result.Cost,
            Result = result,
        });
        return result;
    }
}
