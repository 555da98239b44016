using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// Runs the compensations of a session's calls, the newest first. A compensation's arguments are those of the call that have the
/// names of its parameters, and, for parameters that the call did not have, the members of its output of that name.
/// </summary>
internal sealed class SessionUndo(
    SessionScope scope,
    SessionJournal journal,
    ToolTurn toolTurn,
    WorkspaceLedger ledger,
    IPayloadStore payloads,
    TimeProvider time)
{
    private const int LongestReason = 1000;

    private readonly List<UndoneCall> _undone = [];

    /// <summary>Undoes what can be undone of all that the session did, and ends it: a person wants it.</summary>
    public async Task<IReadOnlyList<UndoneCall>> RunAsync(CancellationToken cancellationToken)
    {
        string? why = "it was stopped";
        try
        {
            await UndoAllAsync(await ReadAsync(sinceLastPrompt: false, cancellationToken), cancellationToken);
            why = null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            why = $"it failed: {fault.Message.TrimEnd('.')}";
            throw;
        }
        finally
        {
            await EndAsync(new UndoReport(true, _undone, why));
        }

        return _undone;
    }

    /// <summary>
    /// Undoes what can be undone of what a failed session did since its last prompt, under the lease of its own runner, who ends it.
    /// Persons who would have to approve a compensation are asked and not waited for.
    /// </summary>
    /// <param name="end">How it failed.</param>
    /// <param name="cancellationToken">The caller stops it; whatever ended the session's own work does not.</param>
    public async Task<UndoReport> AfterFailureAsync(TurnEnd end, CancellationToken cancellationToken)
    {
        // What the last call brought may be held back still.
        await journal.AppendAsync((_, _, _) => true);
        var found = await ReadAsync(sinceLastPrompt: true, CancellationToken.None);
        if (scope.Undoing is null)
        {
            if (found.Calls.Count == 0)
            {
                return UndoReport.Nothing;
            }

            await journal.AppendAsync((_, now, draft) =>
            {
                LimitRecord.Add(journal, draft, end, now);
                draft.Add(
                    journal.Record(EventTypes.SessionUndoing, new JsonObject().With("status", end.Status.ToString()).With("reason", end.Reason)),
                    journal.Event(SessionEventKind.Undoing, now) with { Reason = end.Reason });
                return true;
            });
        }

        try
        {
            await UndoAllAsync(found, cancellationToken);
            return new UndoReport(true, _undone, null);
        }
        catch (OperationCanceledException)
        {
            return new UndoReport(true, _undone, "it was stopped");
        }
    }

    private async Task UndoAllAsync((IReadOnlyCollection<EffectfulCall> Calls, int Tried) found, CancellationToken cancellationToken)
    {
        using var stop = new CancellationTokenSource();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop.Token);
        var tried = found.Tried;
        await using (StopWatcher.Start(ledger, scope, stop, time))
        {
            foreach (var call in found.Calls.OrderByDescending(call => call.Sequence))
            {
                linked.Token.ThrowIfCancellationRequested();
                var undone = await UndoAsync(call, FormattableString.Invariant($"u{++tried}"), linked.Token);
                _undone.Add(undone);
                if (undone.Outcome != UndoOutcome.Undone)
                {
                    Report(undone);
                }
            }
        }
    }

    /// <summary>What was not undone is on record, with the reason.</summary>
    private void Report(UndoneCall call) => journal.Hold(
        EventTypes.ToolNotUndone,
        new JsonObject()
            .With("call", call.Call)
            .With("tool", call.Tool)
            .With("outcome", JsonNamingPolicy.CamelCase.ConvertName(call.Outcome.ToString()))
            .With("compensation", call.Compensation)
            .With("reason", call.Reason.Length <= LongestReason ? call.Reason : call.Reason[..LongestReason]),
        journal.Event(SessionEventKind.NotUndone, time.GetUtcNow()) with { Tool = call.Tool, Call = call.Call, Reason = call.Reason });

    private async Task<UndoneCall> UndoAsync(EffectfulCall call, string id, CancellationToken cancellationToken)
    {
        UndoneCall Result(UndoOutcome outcome, string? compensation, string reason) => new(call.Sequence, call.Id, call.Tool, outcome, compensation, reason);

        if (call.Outcome is null or ToolCallOutcome.Unknown)
        {
            return Result(UndoOutcome.Unknown, null, "Nobody knows whether the call had its effect; say so first with Resume-AgentOpsSession -Outcome.");
        }

        var state = ledger.Seen;
        if (state.Tools.GetValueOrDefault(call.Tool)?.Definition.Compensation is not { } name)
        {
            return Result(UndoOutcome.Impossible, null, $"The tool '{call.Tool}' has no compensation.");
        }

        if (state.Tools.GetValueOrDefault(name)?.Definition is not { } compensation)
        {
            return Result(UndoOutcome.Impossible, name, $"There is no tool '{name}'.");
        }

        if (await ArgumentsAsync(call, compensation, cancellationToken) is not { } arguments)
        {
            return Result(UndoOutcome.Impossible, name, "The call's arguments were too long to be recorded.");
        }

        ToolTurnResult turn;
        try
        {
            turn = await toolTurn.RunAsync(new ToolCallPart(id, name, arguments.ToJsonString()), id, cancellationToken, call.Id);
        }
        catch (Exception fault) when (fault is not OperationCanceledException && !(fault is AgentOpsException known && known.Code == ErrorCodes.SessionTaken))
        {
            // A fault of the tool's executor is one call's; the rest is still tried.
            return Result(UndoOutcome.Unknown, name, fault.Message);
        }

        return turn switch
        {
            { End.Status: SessionStatus.Pending } => Result(UndoOutcome.Pending, name, turn.End.Reason),
            { End: { } end } => throw new OperationCanceledException(end.Reason, cancellationToken),
            { Proposal.Verdict: ToolVerdict.Refused } => Result(UndoOutcome.Refused, name, turn.Proposal.Reason),
            { Reply.IsError: false } => Result(UndoOutcome.Undone, name, string.Empty),
            { IsUnknown: true } => Result(UndoOutcome.Unknown, name, turn.Reply!.Content),
            _ => Result(UndoOutcome.Failed, name, turn.Reply!.Content),
        };
    }

    private async ValueTask<JsonObject?> ArgumentsAsync(EffectfulCall call, ToolDefinition compensation, CancellationToken cancellationToken)
    {
        if (call.Arguments.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        // Of what the tool withholds, the record has no more than the length.
        var withheld = ledger.Seen.Tools.GetValueOrDefault(call.Tool)?.Definition.WithheldParameter;
        var output = await OutputAsync(call, cancellationToken);
        var arguments = new JsonObject();
        foreach (var parameter in compensation.Parameters.Where(parameter => parameter.Name != withheld))
        {
            if ((Member(call.Arguments, parameter.Name) ?? (output is { } found ? Member(found, parameter.Name) : null)) is { } value)
            {
                arguments[parameter.Name] = JsonNode.Parse(value.GetRawText());
            }
        }

        return arguments;
    }

    /// <summary>What the call brought; nothing where it was erased.</summary>
    private async ValueTask<JsonElement?> OutputAsync(EffectfulCall call, CancellationToken cancellationToken)
    {
        try
        {
            return call.Output is null ? null : JsonReading.TryParse(Encoding.UTF8.GetString(await payloads.GetAsync(call.Output, cancellationToken)));
        }
        catch (AgentOpsException fault) when (fault.Code == ErrorCodes.PayloadNotFound)
        {
            return null;
        }
    }

    private static JsonElement? Member(JsonElement element, string name) => element.ValueKind != JsonValueKind.Object
        ? null
        : element.EnumerateObject().Where(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase)).Select(member => (JsonElement?)member.Value).FirstOrDefault();

    /// <summary>The calls that changed something, or may have, and were not undone before; and how many undoings were tried.</summary>
    private async Task<(IReadOnlyCollection<EffectfulCall> Calls, int Tried)> ReadAsync(bool sinceLastPrompt, CancellationToken cancellationToken)
    {
        var calls = new Dictionary<string, EffectfulCall>(StringComparer.Ordinal);
        var undoes = new Dictionary<string, string>(StringComparer.Ordinal);
        var query = new LedgerQuery { Session = scope.Id, FromSequence = ledger.Seen.Sessions[scope.Id].FirstSequence };
        await foreach (var record in ledger.Store.ReadAsync(query, cancellationToken))
        {
            var data = record.Data;
            if (record.Type == EventTypes.SessionResumed && sinceLastPrompt && data.Text("prompt") is not null)
            {
                // What an answer was given for stands.
                calls.Clear();
            }
            else if (record.Type is EventTypes.ToolStarted or EventTypes.ToolRefused && data.Text("compensates") is { } undone)
            {
                undoes[data.RequiredText("call")] = undone;
            }
            else if (record.Type == EventTypes.ToolStarted && data.RequiredEnum<SideEffect>("sideEffect") != SideEffect.None)
            {
                var id = data.RequiredText("call");
                calls[id] = new EffectfulCall(record.Sequence, id, data.RequiredText("tool"), data.Member("arguments")?.Clone() ?? default, null, null);
            }
            else if (record.Type is EventTypes.ToolCompleted or EventTypes.ToolReconciled)
            {
                Settle(calls, undoes, data);
            }
        }

        return (calls.Values, undoes.Count);
    }

    private static void Settle(Dictionary<string, EffectfulCall> calls, Dictionary<string, string> undoes, JsonElement data)
    {
        var (id, outcome) = (data.RequiredText("call"), data.RequiredText("outcome"));
        if (undoes.TryGetValue(id, out var undone))
        {
            if (outcome == ToolCallOutcome.Ok)
            {
                calls.Remove(undone);
            }
        }
        else if (outcome == ToolCallOutcome.Error)
        {
            calls.Remove(id);
        }
        else if (calls.TryGetValue(id, out var call))
        {
            calls[id] = call with { Outcome = outcome, Output = data.Text("output") ?? call.Output };
        }
    }

    private async Task EndAsync(UndoReport report) => await journal.AppendAsync((_, _, draft) =>
    {
        draft.Add(
            journal.Record(EventTypes.SessionEnded, new JsonObject().With("status", nameof(SessionStatus.Undone)).With("reason", report.ToString()).With("undone", report.Undone)),
            shown: null);
        return true;
    });

    private sealed record EffectfulCall(long Sequence, string Id, string Tool, JsonElement Arguments, string? Outcome, string? Output);
}
