using System.Collections.Immutable;
using System.Text.Json;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Workspaces;

/// <summary>The part of the projection that follows sessions and the money that they spend.</summary>
internal static class SessionProjection
{
    public static WorkspaceState Next(WorkspaceState state, LedgerRecord record)
    {
        if (record.Session is not { } id)
        {
            return state;
        }

        if (record.Type == EventTypes.SessionOpened)
        {
            return state with { Sessions = state.Sessions.SetItem(id, Opened(id, record)) };
        }

        if (!state.Sessions.TryGetValue(id, out var before))
        {
            return state;
        }

        var after = Next(state, before, record) with
        {
            LastActivity = record.Time,
            LastSequence = record.Sequence,
            Renewed = IsOfRunner(record) ? record.Time : before.Renewed,
        };
        state = state with
        {
            Sessions = state.Sessions.SetItem(id, after),
            Calls = Calls(state, before, record),
            Outcomes = Outcomes(state, before, record),
            ServedCalls = ServedCalls(state, record),
        };

        var spent = after.Cost - before.Cost;
        var reserved = after.Reserved - before.Reserved;
        if ((spent != 0 || reserved != 0) && state.Agents.TryGetValue(after.Agent, out var agent))
        {
            state = state with { Agents = state.Agents.SetItem(after.Agent, agent with { Spent = agent.Spent + spent, Reserved = agent.Reserved + reserved }) };
        }

        return spent + reserved != 0 ? Delegated(state, after, spent + reserved) : state;
    }

    /// <summary>What a delegate spends counts for every session, and agent, of the chain that it acts for.</summary>
    private static WorkspaceState Delegated(WorkspaceState state, SessionState session, decimal amount)
    {
        for (var depth = 0; depth < Delegation.MaxDepth && session.Parent is { } parent && state.Sessions.TryGetValue(parent, out var above); depth++)
        {
            session = above with { Delegated = above.Delegated + amount };
            state = state with
            {
                Sessions = state.Sessions.SetItem(session.Id, session),
                Agents = state.Agents.TryGetValue(session.Agent, out var agent) ? state.Agents.SetItem(session.Agent, agent with { Delegated = agent.Delegated + amount }) : state.Agents,
            };
        }

        return state;
    }

    /// <summary>A stop, a reconciliation and what a client with a token does come from elsewhere, and say nothing of whether the runner lives.</summary>
    private static bool IsOfRunner(LedgerRecord record) =>
        record.Type is not (EventTypes.SessionStopRequested or EventTypes.ToolReconciled or EventTypes.SessionTokenIssued)
        && record.Data.Text("purpose") != ServedAccount.Purpose;

    private static SessionState Opened(string id, LedgerRecord record) =>
        new()
        {
            Id = id,
            Agent = record.Data.RequiredText("agent"),
            OnBehalfOf = record.Actor.OnBehalfOf,
            Task = record.Task,
            Served = record.Data.Flag("served") ? InvocationLimits.FromJson(record.Data.GetProperty("limits")) : null,
            Delegators = record.Data.Object("delegation")?.Strings("agents") ?? [],
            Parent = record.Data.Object("delegation").Text("session"),
            DataClass = DataClasses.Highest(DataClasses.Default, record.Data.Object("delegation").Text("dataClass")),
            Domain = PromptDomains.Of(record.Data.Text("domain")),

            // What a client adds to a conversation came from outside.
            IsTainted = record.Data.Flag("served") || (record.Data.Object("delegation") is { } from && from.Flag("untrusted")),
            MaxCost = record.Data.Object("limits")?.Amount("maxCost"),
            Runner = SessionRunner.FromJson(record.Data, record.Actor.Host),
            Account = record.Data.Object("runner").Text("account") ?? string.Empty,
            Renewed = record.Time,
            Started = record.Time,
            LastActivity = record.Time,
            FirstSequence = record.Sequence,
            LastSequence = record.Sequence,
        };

    /// <summary>A call enters history with its outcome; one that was only planned, or refused though it could be bound, with that.</summary>
    private static CallHistory Calls(WorkspaceState state, SessionState session, LedgerRecord record)
    {
        if (record.Type is EventTypes.ToolCompleted or EventTypes.ToolReconciled)
        {
            // One whose arguments were too long to be recorded ran all the same, and counts.
            return session.Pending.TryGetValue(record.Data.RequiredText("call"), out var intent) && state.Tools.ContainsKey(intent.Tool)
                ? state.Calls.Add(session.Agent, record.Data.RequiredText("tool"), new PastCall(record.Time, record.Data.RequiredText("outcome"), session.Id, intent.Arguments))
                : state.Calls;
        }

        var (arguments, outcome) = record.Type switch
        {
            EventTypes.ToolPlanned => (Arguments(state, record.Data), HistorySource.DryRun),
            EventTypes.ToolRefused => (Arguments(state, record.Data), HistorySource.Refused),
            _ => (null, string.Empty),
        };
        return arguments is null
            ? state.Calls
            : state.Calls.Add(session.Agent, record.Data.RequiredText("tool"), new PastCall(record.Time, outcome, session.Id, arguments));
    }

    /// <summary>An answer speaks for the model, a limit that struck before one against it; a stop, a refusal or a fault does neither.</summary>
    private static ImmutableDictionary<string, ModelOutcomes> Outcomes(WorkspaceState state, SessionState session, LedgerRecord record)
    {
        if (record.Type != EventTypes.SessionEnded || session.Model is not { } model)
        {
            return state.Outcomes;
        }

        var status = record.Data.RequiredEnum<SessionStatus>("status");
        if (status is not (SessionStatus.Completed or SessionStatus.LimitReached))
        {
            return state.Outcomes;
        }

        return state.Outcomes.SetItem(model, state.Outcomes.GetValueOrDefault(model, ModelOutcomes.None).With(session.Domain, status == SessionStatus.Completed));
    }

    private static ImmutableDictionary<string, ServedReservation> ServedCalls(WorkspaceState state, LedgerRecord record) => record.Type switch
    {
        EventTypes.ModelRequested when ServedReservation.Of(record) is { } call => state.ServedCalls.SetItem(call.Id, call),
        EventTypes.ModelCompleted or EventTypes.ModelFailed when record.Data.Text("reservation") is { } id => state.ServedCalls.Remove(id),
        _ => state.ServedCalls,
    };

    /// <summary>
    /// What its runner had set aside for a model call that nobody settled is taken for spent: money is never found again by ending. What its
    /// clients' calls have set aside stays so, for the servers that answer these settle it.
    /// </summary>
    private static SessionState WithoutRunner(WorkspaceState state, SessionState session)
    {
        var served = state.ServedCalls.Values.Where(call => call.Session == session.Id).Sum(call => call.Reserved);
        return session with { Cost = session.Cost + session.Reserved - served, Reserved = served };
    }

    private static BoundArguments? Arguments(WorkspaceState state, JsonElement data) =>
        data.Member("arguments") is { } arguments ? CallHistory.Bind(state.Tools, data.RequiredText("tool"), arguments) : null;

    private static SessionState Next(WorkspaceState state, SessionState session, LedgerRecord record)
    {
        var data = record.Data;
        switch (record.Type)
        {
            case EventTypes.ModelRequested:
                return session with
                {
                    Steps = session.Steps + 1,
                    Reserved = session.Reserved + (data.Amount("reserved") ?? 0),
                    DataClass = DataClasses.Highest(session.DataClass, data.Text("dataClass")),
                };
            case EventTypes.ModelCompleted:
            case EventTypes.ModelFailed:
                return session with
                {
                    Model = record.Type == EventTypes.ModelCompleted ? data.Text("model") ?? session.Model : session.Model,
                    Cost = session.Cost + (data.Amount("cost") ?? 0),
                    Reserved = session.Reserved - (data.Amount("released") ?? 0),
                };
            case EventTypes.ToolRefused:
                return session with { Refusals = session.Refusals + 1 };
            case EventTypes.ToolStarted:
                var call = data.RequiredText("call");
                return session with
                {
                    ToolCalls = session.ToolCalls + 1,
                    Pending = session.Pending.SetItem(call, new ToolCallIntent(record.Sequence, call, data.RequiredText("tool"), record.Time)
                    {
                        SideEffect = data.RequiredEnum<SideEffect>("sideEffect"),
                        Arguments = Arguments(state, data),
                    }),
                };
            case EventTypes.ToolCompleted:
                return session with
                {
                    Pending = data.Text("outcome") == ToolCallOutcome.Unknown
                        ? session.Pending
                        : session.Pending.Remove(data.RequiredText("call")),
                    IsTainted = session.IsTainted || data.Flag("untrusted"),
                    DataClass = DataClasses.Highest(session.DataClass, data.Text("dataClass")),
                };
            case EventTypes.ToolReconciled:
                return session with { Pending = session.Pending.Remove(data.RequiredText("call")) };
            case EventTypes.SessionResumed or EventTypes.SessionUndoStarted:
                return WithoutRunner(state, session) with
                {
                    Status = SessionStatus.Running,
                    Reason = null,
                    Runner = SessionRunner.FromJson(data, record.Actor.Host),
                    Lease = (int)(data.Integer("lease") ?? session.Lease + 1),
                    Domain = data.Text("domain") is { } domain ? PromptDomains.Of(domain) : session.Domain,
                    MaxCost = data.Object("limits") is { } limits ? limits.Amount("maxCost") + (data.Amount("cost") ?? 0) : session.MaxCost,
                    Requests = [],
                    Undoing = record.Type == EventTypes.SessionUndoStarted ? null : session.Undoing,
                    IsUndone = session.IsUndone && data.Text("prompt") is null,
                    IsStopRequested = session.IsStopRequested && record.Type != EventTypes.SessionUndoStarted,
                };
            case EventTypes.SessionUndoing:
                return session with { Undoing = new SessionFailure(data.RequiredEnum<SessionStatus>("status"), data.RequiredText("reason")) };
            case EventTypes.SessionWaiting:
                return session with { Status = SessionStatus.Pending, Reason = data.Text("reason"), Requests = data.Strings("requests") };
            case EventTypes.SessionStopRequested:
                return session with { IsStopRequested = true, Reason = data.Text("reason") ?? session.Reason };
            case EventTypes.SessionEnded:
                return WithoutRunner(state, session) with
                {
                    Status = data.RequiredEnum<SessionStatus>("status"),
                    Reason = data.Text("reason"),
                    Undoing = null,
                    IsUndone = session.IsUndone || data.Integer("undone") > 0,
                };
            default:
                return session;
        }
    }
}
