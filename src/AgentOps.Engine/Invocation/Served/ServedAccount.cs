using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>Answers for one call that a client makes in a session: under the session's rules, bounds and budgets, booked on its agent.</summary>
/// <param name="ledger">The ledger.</param>
/// <param name="gate">Decides.</param>
/// <param name="scope">The session.</param>
/// <param name="lost">Settles what other servers left.</param>
/// <param name="lease">How long what the call sets aside stands where nobody settles it; the call ends earlier.</param>
internal sealed class ServedAccount(WorkspaceLedger ledger, ModelGate gate, SessionScope scope, LostCalls lost, TimeSpan lease) : IPromptAccount
{
    /// <summary>What the records of such calls say that they are for: no part of a conversation that runs here.</summary>
    public const string Purpose = "served";

    private readonly string _reservation = $"{scope.Id}/{Purpose}/{Guid.NewGuid():N}";
    private bool _isLimited;
    private decimal? _reserved;

    /// <inheritdoc/>
    public async ValueTask<(RouteRequest Request, AgentOpsException? Refusal)> TryReserveAsync(Router router, RouteRequest request)
    {
        var session = SessionDirectory.Require(ledger.Seen, scope.Id);
        var asked = request with
        {
            Budget = Budget.Covers(ledger.Seen, scope.Agent, scope.Task) ? decimal.MaxValue : null,
            Request = request.Request with
            {
                Agent = scope.Agent,
                Task = scope.Task ?? request.Request.Task,
                DataClass = DataClasses.Highest(session.DataClass, request.Request.DataClass),
                MaxOutputTokens = Math.Min(request.Request.MaxOutputTokens ?? int.MaxValue, scope.Limits.MaxOutputTokens),
            },
        };
        var decision = router.Resolve(asked);
        var cost = CostCalculator.Dearest(decision, asked.Request.MaxOutputTokens!.Value);
        var end = await ledger.TransactAsync((state, transaction) => Reserve(state, transaction, asked, decision, cost), CancellationToken.None);
        return (asked, end is null ? null : Refusal(request.Route.Name, end));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NewEvent>> SettleAsync(RouteBatchAnswer answer) => ledger.TransactAsync<IReadOnlyList<NewEvent>>(
        (state, transaction) =>
        {
            NewEvent[] events = [Of(Record(state, answer)), .. _isLimited && state.Limits.Commit(_reservation, answer.Cost) is { } committed ? [Of(committed)] : Array.Empty<NewEvent>()];
            Array.ForEach(events, transaction.Add);
            return events;
        },
        CancellationToken.None);

    private NewEvent Record(WorkspaceState state, RouteBatchAnswer answer)
    {
        var record = answer.ToRecord();
        record.Data.With("purpose", Purpose);
        if (_reserved is not null)
        {
            // Where another server took this one for dead, it has counted all that was set aside.
            record.Data.With("reservation", _reservation);
            _ = state.ServedCalls.ContainsKey(_reservation)
                ? record.Data.With("released", _reserved)
                : record.Data.With("cost", (decimal?)0).With("late", true);
        }

        return record;
    }

    private TurnEnd? Reserve(WorkspaceState state, LedgerTransaction transaction, RouteRequest asked, RouteDecision decision, decimal cost)
    {
        (_isLimited, _reserved) = (false, null);
        state = WithoutLost(state, transaction);
        if (ServedSessions.Refusal(state, scope, transaction.Now) is { } stopped)
        {
            return new TurnEnd(SessionStatus.Stopped, stopped);
        }

        var session = state.Sessions[scope.Id];
        if (session.Served is { } limits && session.Steps >= limits.MaxSteps)
        {
            return TurnEnd.At(SessionLimit.Steps, FormattableString.Invariant($"The limit of {limits.MaxSteps} model calls of the session was reached."));
        }

        // The rules see the session as it will be once it has brought what the call brings.
        var seen = session with { DataClass = DataClasses.Highest(session.DataClass, asked.Request.DataClass) };
        var permission = gate.Decide(state, seen, decision.Route, cost, _reservation, lease, transaction.Now);
        foreach (var taken in permission.Events)
        {
            transaction.Add(Of(taken));
        }

        if (permission.End is { } end)
        {
            return end;
        }

        _isLimited = permission.IsReserved;
        _reserved = cost;
        var intent = permission.ToRecord(Purpose, decision, cost).With("dataClass", asked.Request.DataClass);
        transaction.Add(scope.Record(EventTypes.ModelRequested, ServedReservation.Write(intent, _reservation, transaction.Now + lease, lost.Self)));
        return null;
    }

    /// <summary>The state once what other servers left is settled, in the same append.</summary>
    private WorkspaceState WithoutLost(WorkspaceState state, LedgerTransaction transaction)
    {
        var first = transaction.NextSequence;
        NewEvent[] settled = [.. lost.Settle(state, transaction.Now)];
        Array.ForEach(settled, transaction.Add);
        return settled.Length == 0 ? state : WorkspaceProjection.Preview(state, settled.Select(RecordCodec.Preview), first, transaction.Now);
    }

    private NewEvent Of(NewEvent record) => record with { Session = scope.Id, Task = record.Task ?? scope.Task, Agent = scope.Agent, OnBehalfOf = scope.OnBehalfOf };

    private static AgentOpsException Refusal(string route, TurnEnd end) =>
        end.Status == SessionStatus.LimitReached ? RouteFailure.Unaffordable(route, end.Reason) : RouteFailure.Forbidden(route, end.Reason);
}
