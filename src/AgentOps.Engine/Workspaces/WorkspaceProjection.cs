using System.Collections.Immutable;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Notifications;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Workspaces;

/// <summary>Folds the ledger into a <see cref="WorkspaceState"/>, record by record.</summary>
internal sealed class WorkspaceProjection : ILedgerProjection
{
    private static readonly ImmutableHashSet<string> KnownTypes =
    [
        EventTypes.AgentCreated, EventTypes.AgentChanged, EventTypes.AgentRemoved, EventTypes.AgentSuspended, EventTypes.AgentResumed,
        EventTypes.AgentKeyAdded, EventTypes.AgentKeysRetired,
        EventTypes.ToolRegistered, EventTypes.ToolSuspended, EventTypes.ToolUnregistered,
        EventTypes.ProviderRegistered, EventTypes.ProviderUnregistered,
        EventTypes.RouteSet, EventTypes.RouteRemoved,
        EventTypes.PermissionGranted, EventTypes.PermissionRevoked, EventTypes.GroupSet, EventTypes.GroupRemoved,
        EventTypes.BudgetSet, EventTypes.BudgetRemoved, EventTypes.NotifierSet, EventTypes.NotifierRemoved,
        EventTypes.PersonRegistered, EventTypes.PersonUnregistered,
        EventTypes.SessionOpened, EventTypes.SessionResumed, EventTypes.SessionRenewed, EventTypes.SessionTokenIssued, EventTypes.SessionWaiting, EventTypes.SessionUndoStarted, EventTypes.SessionUndoing,
        EventTypes.SessionStopRequested, EventTypes.SessionCompacted, EventTypes.SessionLimitReached, EventTypes.SessionEnded,
        EventTypes.ModelRequested, EventTypes.ModelCompleted, EventTypes.ModelFailed,
        EventTypes.BatchRequested, EventTypes.BatchAccepted, EventTypes.BatchRefused, EventTypes.BatchUnknown, EventTypes.BatchStopRequested, EventTypes.BatchCollected,
        EventTypes.AnswerRefused, EventTypes.ToolRefused, EventTypes.ToolStarted, EventTypes.ToolCompleted, EventTypes.ToolPlanned, EventTypes.ToolReconciled, EventTypes.ToolNotUndone,
        EventTypes.MemoryRemembered, EventTypes.MemoryForgotten, EventTypes.MemoryRestored,
    ];

    private volatile WorkspaceState _current = WorkspaceState.Empty;

    /// <summary>The state after the last applied record.</summary>
    public WorkspaceState Current => _current;

    public bool Knows(string type, int version) => (version == EventTypes.Version && KnownTypes.Contains(type))
        || LimitEvents.Knows(type, version)
        || ApprovalEvents.Knows(type, version);

    public void Reset() => _current = WorkspaceState.Empty;

    public void Save(Stream stream) => WorkspaceSnapshot.Write(_current, stream);

    public void Load(Stream stream) => _current = WorkspaceSnapshot.Read(stream);

    public void Apply(LedgerRecord record) => _current = Next(_current, record);

    /// <summary>The state as it will be once records are appended that are not yet: for decisions that belong into the same append.</summary>
    /// <param name="state">The state before them.</param>
    /// <param name="ahead">The records, from <see cref="RecordCodec.Preview"/>.</param>
    /// <param name="firstSequence">The sequence that the first one will have.</param>
    /// <param name="now">The time of the append.</param>
    public static WorkspaceState Preview(WorkspaceState state, IEnumerable<LedgerRecord> ahead, long firstSequence, DateTimeOffset now)
    {
        foreach (var record in ahead)
        {
            state = Next(state, record with { Sequence = firstSequence++, Time = now });
        }

        return state;
    }

    private static WorkspaceState Next(WorkspaceState state, LedgerRecord record)
    {
        var data = record.Data;
        switch (record.Type)
        {
            case EventTypes.AgentCreated:
                var created = AgentDefinition.FromJson(data);
                return state with { Agents = state.Agents.SetItem(created.Name, new AgentState(created, record.Time, record.Time, false, 0, 0)) };
            case EventTypes.AgentChanged:
                var changed = AgentDefinition.FromJson(data);
                return WithAgent(state, changed.Name, agent => agent with { Definition = changed, Changed = record.Time });
            case EventTypes.AgentSuspended:
                return WithAgent(state, data.RequiredText("name"), agent => agent with { IsSuspended = true, Changed = record.Time });
            case EventTypes.AgentResumed:
                return WithAgent(state, data.RequiredText("name"), agent => agent with { IsSuspended = false, Changed = record.Time });
            case EventTypes.AgentRemoved:
                return WithoutAgent(state, data.RequiredText("name"));
            case EventTypes.AgentKeyAdded:
                var key = new AgentKey(data.RequiredText("kid"), data.RequiredText("x"), data.RequiredText("y"), record.Time);
                return WithAgent(state, data.RequiredText("name"), agent => agent with { Keys = [.. agent.Keys.Where(one => one.Verifies(record.Time)), key] });
            case EventTypes.AgentKeysRetired:
                return WithAgent(state, data.RequiredText("name"), agent => agent with { Keys = [.. agent.Keys.Select(one => one with { Retired = one.Retired ?? record.Time })] });
            case EventTypes.ToolRegistered:
                var tool = ToolDefinition.FromJson(data);
                return WithTools(state, state.Tools.SetItem(tool.Name, new ToolState(tool, record.Time)), tool.Name);
            case EventTypes.ToolSuspended:
                return state.Tools.TryGetValue(data.RequiredText("name"), out var suspended)
                    ? state with { Tools = state.Tools.SetItem(suspended.Definition.Name, suspended with { Suspended = data.Text("reason") }) }
                    : state;
            case EventTypes.ToolUnregistered:
                var unregistered = data.RequiredText("name");
                return WithTools(state, state.Tools.Remove(unregistered), unregistered);
            case EventTypes.ProviderRegistered:
                var provider = ProviderDefinition.FromJson(data);
                return state with { Providers = state.Providers.SetItem(provider.Name, provider) };
            case EventTypes.ProviderUnregistered:
                return state with { Providers = state.Providers.Remove(data.RequiredText("name")) };
            case EventTypes.RouteSet:
                var route = RouteDefinition.FromJson(data);
                return state with { Routes = state.Routes.SetItem(route.Name, route) };
            case EventTypes.RouteRemoved:
                return state with { Routes = state.Routes.Remove(data.RequiredText("name")) };
            case EventTypes.PermissionGranted:
                var rule = PolicyRule.FromJson(data);
                return state with { Grants = state.Grants.SetItem(rule.QualifiedId, new GrantState(rule, record.Time, record.Actor.OnBehalfOf, record.Sequence)) };
            case EventTypes.PermissionRevoked:
                return state with { Grants = state.Grants.Remove(data.RequiredText("id")) };
            case EventTypes.GroupSet:
                var group = GroupJson.Read(data);
                return state with { Groups = state.Groups.SetItem(group.Name, group) };
            case EventTypes.GroupRemoved:
                return state with { Groups = state.Groups.Remove(data.RequiredText("name")) };
            case EventTypes.BudgetSet:
                var budget = Budget.FromJson(data);
                return state with { Budgets = state.Budgets.SetItem(budget.Name, budget) };
            case EventTypes.BudgetRemoved:
                return state with { Budgets = state.Budgets.Remove(data.RequiredText("name")) };
            case EventTypes.NotifierSet:
                var notifier = NotifierDefinition.FromJson(data);
                return state with { Notifiers = state.Notifiers.SetItem(notifier.Name, notifier) };
            case EventTypes.NotifierRemoved:
                return state with { Notifiers = state.Notifiers.Remove(data.RequiredText("name")) };
            case EventTypes.BatchRequested or EventTypes.BatchAccepted or EventTypes.BatchRefused or EventTypes.BatchUnknown
                or EventTypes.BatchStopRequested or EventTypes.BatchCollected:
                return state with { Batches = BatchProjection.Apply(state.Batches, record) };
            case EventTypes.PersonRegistered:
                return state with { Persons = state.Persons.With(RegisteredPerson.FromJson(data, record.Time)) };
            case EventTypes.PersonUnregistered:
                return state with { Persons = state.Persons.Without(data.RequiredText("name")) };
            case LimitEvents.Reserved or LimitEvents.Committed or LimitEvents.Released:
                return state with { Limits = state.Limits.Apply(record) };
            case EventTypes.MemoryRemembered:
                return SessionProjection.Next(state with { Memory = state.Memory.Remembered(record) }, record);
            case EventTypes.MemoryForgotten:
                return SessionProjection.Next(state with { Memory = state.Memory.Forgotten(data) }, record);
            case EventTypes.MemoryRestored:
                return SessionProjection.Next(state with { Memory = state.Memory.Restored(data) }, record);
            case ApprovalEvents.Requested or ApprovalEvents.Voted or ApprovalEvents.Consumed or ApprovalEvents.Burned:
                return state with { Approvals = state.Approvals.Apply(record, state.Persons) };
            case EventTypes.SessionEnded when record.Session is { } session && data.Text("status") == nameof(SessionStatus.Stopped):
                return SessionProjection.Next(state with { Approvals = state.Approvals.Stopped(session) }, record);
            default:
                return SessionProjection.Next(state, record);
        }
    }

    private static WorkspaceState WithTools(WorkspaceState state, ImmutableDictionary<string, ToolState> tools, string changed) =>
        state with { Tools = tools, Calls = state.Calls.Retool(changed, tools) };

    private static WorkspaceState WithAgent(WorkspaceState state, string name, Func<AgentState, AgentState> change) =>
        state.Agents.TryGetValue(name, out var agent) ? state with { Agents = state.Agents.SetItem(name, change(agent)) } : state;

    private static WorkspaceState WithoutAgent(WorkspaceState state, string name)
    {
        // A rule that names only this agent goes with it, and so does what it kept: an agent created later under the same name starts with nothing.
        var orphaned = state.Grants.Values
            .Where(grant => grant.Rule.Subjects.Agents.Count == 1 && string.Equals(grant.Rule.Subjects.Agents[0], name, StringComparison.OrdinalIgnoreCase))
            .Select(grant => grant.Rule.QualifiedId);
        return state with { Agents = state.Agents.Remove(name), Grants = state.Grants.RemoveRange(orphaned), Memory = state.Memory.WithoutAgent(name) };
    }
}
