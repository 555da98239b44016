using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>One model call of a session: money is set aside, the model streams, what it cost is settled.</summary>
internal sealed class ModelTurn(SessionScope scope, SessionJournal journal, ModelGate gate, RouterCache routers, SecretRedactor redactor, IPayloadStore payloads, TimeProvider time)
{
    // Beyond the session's own time: for the outcome to be recorded.
    private static readonly TimeSpan ReservationGrace = TimeSpan.FromMinutes(1);

    private bool _isReserved;

    /// <summary>Routes the agent's next model call.</summary>
    public PreparedTurn Prepare(WorkspaceState state, IReadOnlyList<Message> messages) =>
        Prepare(state, null, new ModelRequest
        {
            Model = string.Empty,
            Messages = messages,
            Tools = Tools(state, state.Agents[scope.Agent].Definition.Tools),
            MaxOutputTokens = scope.Limits.MaxOutputTokens,
            OutputSchema = scope.OutputSchema?.Json,
        });

    /// <summary>Routes a call that asks the session's own route for a summary of what was said.</summary>
    public PreparedTurn PrepareSummary(WorkspaceState state, IReadOnlyList<Message> question, int maxOutputTokens) =>
        Prepare(state, Compaction.Purpose, new ModelRequest { Model = string.Empty, Messages = question, MaxOutputTokens = maxOutputTokens });

    /// <summary>Calls the model.</summary>
    /// <exception cref="AgentOps.Engine.Errors.AgentOpsException">No target could be used, or every one failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; what it cost until then is settled as an estimate.</exception>
    public async Task<ModelTurnResult> RunAsync(PreparedTurn turn, CancellationToken cancellationToken)
    {
        var reservation = CostCalculator.Dearest(turn.Decision, turn.Request.Request.MaxOutputTokens ?? scope.Limits.MaxOutputTokens);
        journal.Step++;
        var broken = await journal.AppendAsync((current, now, draft) => Reserve(current, now, draft, turn, reservation));
        return broken is null ? await CallAsync(turn, reservation, cancellationToken) : ModelTurnResult.Ended(broken);
    }

    /// <summary>The id of the reservation of the model call under way.</summary>
    private string Reservation => FormattableString.Invariant($"{scope.Id}/m{journal.Step}");

    private PreparedTurn Prepare(WorkspaceState state, string? purpose, ModelRequest asked)
    {
        var request = new RouteRequest(
            RouteTable.Require(state, state.Agents[scope.Agent].Definition.Route),
            asked with
            {
                Agent = scope.Agent,
                Session = scope.Id,
                Task = scope.Task,
                DataClass = journal.WithHeld(state, journal.LastSequence + 1, time.GetUtcNow()).Sessions[scope.Id].DataClass,
            })
        {
            Budget = Budget.Covers(state, scope.Agent, scope.Task) ? decimal.MaxValue : null,
        };
        var router = routers.For(state);
        return new PreparedTurn(router, request, router.Resolve(request), purpose);
    }

    private TurnEnd? Reserve(WorkspaceState state, DateTimeOffset now, SessionJournal.Draft draft, PreparedTurn turn, decimal reservation)
    {
        var decision = turn.Decision;
        if (StopWatcher.Reason(state, scope) is { } stopped)
        {
            return new TurnEnd(Sessions.SessionStatus.Stopped, stopped);
        }

        var permission = gate.Decide(
            state, state.Sessions[scope.Id], decision.Route, reservation, Reservation, scope.Limits.MaxDuration + ReservationGrace, now, scope.PlanOnly);
        foreach (var taken in permission.Events)
        {
            draft.Add(taken, shown: null);
        }

        _isReserved = permission.IsReserved;
        if (permission.End is { } end)
        {
            return end;
        }

        draft.Add(
            journal.Record(EventTypes.ModelRequested, permission.ToRecord(turn.Purpose, decision, reservation).With("step", journal.Step)),
            journal.Event(SessionEventKind.RouteChosen, time.GetUtcNow()) with { Detail = RouteText.Describe(decision, reservation) });
        return null;
    }

    private async Task<ModelTurnResult> CallAsync(PreparedTurn turn, decimal reservation, CancellationToken cancellationToken)
    {
        var decision = turn.Decision;
        var started = time.GetTimestamp();
        var text = new StringBuilder();
        var message = new AssistantMessageBuilder();
        var wasted = 0m;
        RouteCompleted? completed = null;
        try
        {
            await foreach (var output in turn.Router.InvokeAsync(turn.Request, cancellationToken))
            {
                switch (output)
                {
                    case ModelOutput { Event: var item }:
                        message.Add(item);
                        Stream(item, text, isTold: turn.Purpose is null);
                        break;
                    case AttemptFailed failed:
                        wasted += failed.Attempt.Cost;
                        journal.Tell(journal.Event(SessionEventKind.RouteFailed, time.GetUtcNow()) with { Reason = failed.Attempt.Fault is { } fault ? $"{fault.Kind}: {fault.Detail}" : "given up for a faster one", Detail = failed.Attempt.Target.ToString() });
                        break;
                    case RouteCompleted end:
                        completed = end;
                        break;
                }
            }
        }
        catch (Exception fault)
        {
            Fail(decision, reservation, Usage.Zero with { IsEstimated = true }, wasted, fault.Message);
            throw;
        }

        if (completed is null || completed.Completion.Reason == StopReason.Cancelled)
        {
            Fail(decision, reservation, completed?.Completion.Usage ?? Usage.Zero, completed?.Cost ?? wasted, "It was cancelled.");
            throw new OperationCanceledException(cancellationToken);
        }

        return Settle(turn, completed, message.Build(), text.ToString(), reservation, time.GetElapsedTime(started));
    }

    private void Stream(ModelEvent item, StringBuilder text, bool isTold)
    {
        var kind = item is TextDelta ? SessionEventKind.Text : SessionEventKind.Reasoning;
        var piece = (item as TextDelta)?.Text ?? (item as ReasoningDelta)?.Text;
        if (kind == SessionEventKind.Text)
        {
            text.Append(piece);
        }

        if (isTold && piece is not null)
        {
            journal.Tell(journal.Event(kind, time.GetUtcNow()) with { Text = piece });
        }
    }

    private ModelTurnResult Settle(PreparedTurn turn, RouteCompleted completed, Message message, string text, decimal reservation, TimeSpan duration)
    {
        // A model that repeats a secret does not carry it on: not into the conversation, a tool's arguments or the answer.
        var usage = completed.Completion.Usage;
        var json = message.ToJson().ToJsonString();
        var redacted = redactor.Redact(json);
        if (!string.Equals(json, redacted, StringComparison.Ordinal))
        {
            using var document = JsonDocument.Parse(redacted);
            (message, text) = (Message.FromJson(document.RootElement), redactor.Redact(text));
            if (message.IsSigned)
            {
                // A vendor has signed other words.
                message = message.Sign(_ => null);
                redacted = message.ToJson().ToJsonString();
            }
        }

        var payload = payloads.Begin(Encoding.UTF8.GetBytes(redacted));
        journal.HoldFor(payload);
        journal.Hold(
            EventTypes.ModelCompleted,
            new JsonObject()
                .With("step", journal.Step)
                .With("purpose", turn.Purpose)
                .With("route", turn.Decision.Route)
                .With("provider", completed.Target.Provider)
                .With("model", completed.Target.Model)
                .With("inputTokens", usage.InputTokens)
                .With("outputTokens", usage.OutputTokens)
                .With("cachedInputTokens", usage.CachedInputTokens)
                .With("reasoningTokens", usage.ReasoningTokens)
                .With("estimated", usage.IsEstimated)
                .With("cost", (decimal?)completed.Cost)
                .With("released", (decimal?)reservation)
                .With("stop", completed.Completion.Reason.ToString())
                .With("duration", (TimeSpan?)duration)
                .With("attempts", completed.Attempts.Count)
                .With("message", payload.Reference),
            journal.Event(SessionEventKind.ModelCompleted, time.GetUtcNow()) with { Cost = completed.Cost, Text = turn.Purpose is null ? text : null });
        Settle(completed.Cost);
        return new ModelTurnResult
        {
            Message = message,
            Text = text,
            Calls = message.Parts.OfType<ToolCallPart>().ToArray(),
            Stop = completed.Completion.Reason,
            Usage = usage,
            Cost = completed.Cost,
        };
    }

    /// <summary>What was set aside from limits becomes what was spent.</summary>
    private void Settle(decimal cost)
    {
        if (_isReserved)
        {
            var settled = LimitEvents.MakeCommitted(Reservation, cost);
            journal.Hold(settled.Type, settled.Data, shown: null);
            _isReserved = false;
        }
    }

    /// <summary>A call that broke is billed for what its attempts cost until then.</summary>
    private void Fail(RouteDecision decision, decimal reservation, Usage usage, decimal cost, string reason)
    {
        journal.Hold(
            EventTypes.ModelFailed,
            new JsonObject()
                .With("step", journal.Step)
                .With("route", decision.Route)
                .With("provider", decision.Selected?.Provider)
                .With("model", decision.Selected?.Model)
                .With("inputTokens", usage.InputTokens)
                .With("outputTokens", usage.OutputTokens)
                .With("estimated", usage.IsEstimated)
                .With("cost", (decimal?)cost)
                .With("released", (decimal?)reservation)
                .With("reason", reason),
            shown: null);
        Settle(cost);
    }

    private static ModelTool[] Tools(WorkspaceState state, IReadOnlyList<string> names) => names
        .Where(state.Tools.ContainsKey)
        .Select(name => state.Tools[name].Definition)
        .Select(tool => new ModelTool(tool.Name, tool.Description, ToolSchema.ToJsonSchema(tool.Parameters)))
        .ToArray();
}
