using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Memories;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Notifications;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Workspaces;

/// <summary>Writes a state to a stream and reads it back. The store binds the bytes to the ledger and signs them.</summary>
internal static class WorkspaceSnapshot
{
    public static void Write(WorkspaceState state, Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartObject();
        WriteAll(writer, "agents", state.Agents.Values, ToJson);
        WriteAll(writer, "tools", state.Tools.Values, tool => new JsonObject().With("definition", tool.Definition.ToJson()).With("registered", Ticks(tool.Registered)).With("suspended", tool.Suspended));
        WriteAll(writer, "providers", state.Providers.Values, provider => provider.ToJson());
        WriteAll(writer, "routes", state.Routes.Values, route => route.ToJson());
        WriteAll(writer, "grants", state.Grants.Values, ToJson);
        WriteAll(writer, "groups", state.Groups.Values, GroupJson.Write);
        WriteAll(writer, "budgets", state.Budgets.Values, budget => budget.ToJson());
        WriteAll(writer, "notifiers", state.Notifiers.Values, notifier => notifier.ToJson());
        WriteAll(writer, "persons", state.Persons.All, person => person.ToJson().With("registered", Ticks(person.Registered)));
        writer.WritePropertyName("limits");
        state.Limits.ToJson().WriteTo(writer);
        writer.WritePropertyName("approvals");
        state.Approvals.ToJson().WriteTo(writer);
        writer.WritePropertyName("memory");
        state.Memory.ToJson().WriteTo(writer);
        writer.WritePropertyName("calls");
        state.Calls.ToJson().WriteTo(writer);
        WriteAll(writer, "sessions", state.Sessions.Values, ToJson);
        WriteAll(writer, "servedCalls", state.ServedCalls.Values, call => call.ToJson());
        WriteAll(writer, "batches", state.Batches.Values, batch => batch.ToJson());
        WriteAll(writer, "outcomes", state.Outcomes.SelectMany(model => model.Value.Domains, (model, domain) => (model.Key, Domain: domain.Key, Count: domain.Value)), row => new JsonObject()
            .With("model", row.Key).With("domain", PromptDomains.NameOf(row.Domain)).With("completed", row.Count.Completed).With("ended", row.Count.Ended));
        writer.WriteEndObject();
    }

    public static WorkspaceState Read(Stream stream)
    {
        using var document = JsonDocument.Parse(stream);
        var root = document.RootElement;
        var tools = WorkspaceState.Empty.Tools.AddRange(root.Items("tools").Select(ToolFromJson).Select(tool => KeyValuePair.Create(tool.Definition.Name, tool)));
        return WorkspaceState.Empty with
        {
            Agents = WorkspaceState.Empty.Agents.AddRange(root.Items("agents").Select(AgentFromJson).Select(agent => KeyValuePair.Create(agent.Definition.Name, agent))),
            Tools = tools,
            Providers = WorkspaceState.Empty.Providers.AddRange(root.Items("providers").Select(item => ProviderDefinition.FromJson(item.Clone())).Select(provider => KeyValuePair.Create(provider.Name, provider))),
            Routes = WorkspaceState.Empty.Routes.AddRange(root.Items("routes").Select(item => RouteDefinition.FromJson(item.Clone())).Select(route => KeyValuePair.Create(route.Name, route))),
            Grants = WorkspaceState.Empty.Grants.AddRange(root.Items("grants").Select(GrantFromJson).Select(grant => KeyValuePair.Create(grant.Rule.QualifiedId, grant))),
            Groups = WorkspaceState.Empty.Groups.AddRange(root.Items("groups").Select(GroupJson.Read).Select(group => KeyValuePair.Create(group.Name, group))),
            Budgets = WorkspaceState.Empty.Budgets.AddRange(root.Items("budgets").Select(Budget.FromJson).Select(budget => KeyValuePair.Create(budget.Name, budget))),
            Notifiers = WorkspaceState.Empty.Notifiers.AddRange(root.Items("notifiers").Select(NotifierDefinition.FromJson).Select(notifier => KeyValuePair.Create(notifier.Name, notifier))),
            Persons = root.Items("persons").Aggregate(PersonRegistry.Empty, (persons, item) => persons.With(RegisteredPerson.FromJson(item, Time(item, "registered")))),
            Limits = LimitState.FromJson(root.GetProperty("limits")),
            Approvals = ApprovalState.FromJson(root.GetProperty("approvals")),
            Memory = MemoryState.FromJson(root.Items("memory")),
            Calls = CallHistory.FromJson(root.GetProperty("calls"), tools),
            Sessions = WorkspaceState.Empty.Sessions.AddRange(root.Items("sessions").Select(item => SessionFromJson(item, tools)).Select(session => KeyValuePair.Create(session.Id, session))),
            ServedCalls = WorkspaceState.Empty.ServedCalls.AddRange(root.Items("servedCalls").Select(ServedReservation.FromJson).Select(call => KeyValuePair.Create(call.Id, call))),
            Batches = WorkspaceState.Empty.Batches.AddRange(root.Items("batches").Select(item => BatchState.FromJson(item.Clone())).Select(batch => KeyValuePair.Create(batch.Id, batch))),
            Outcomes = root.Items("outcomes").Aggregate(WorkspaceState.Empty.Outcomes, WithOutcomes),
        };
    }

    private static void WriteAll<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Func<T, JsonObject> toJson)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            toJson(item).WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    /// <summary>Snapshots of earlier versions tell no domain: what their sessions were about was not recorded.</summary>
    private static ImmutableDictionary<string, ModelOutcomes> WithOutcomes(ImmutableDictionary<string, ModelOutcomes> outcomes, JsonElement row)
    {
        var model = row.RequiredText("model");
        return outcomes.SetItem(model, outcomes.GetValueOrDefault(model, ModelOutcomes.None).With(
            PromptDomains.Of(row.Text("domain")), new OutcomeCount(row.Integer("completed") ?? 0, row.Integer("ended") ?? 0)));
    }

    private static JsonObject ToJson(AgentState agent) => new JsonObject()
        .With("definition", agent.Definition.ToJson())
        .With("created", Ticks(agent.Created))
        .With("changed", Ticks(agent.Changed))
        .With("suspended", agent.IsSuspended)
        .With("spent", (decimal?)agent.Spent)
        .With("reserved", (decimal?)agent.Reserved)
        .With("delegated", (decimal?)agent.Delegated)
        .With("keys", agent.Keys.Count > 0 ? new JsonArray([.. agent.Keys.Select(key => key.ToJson())]) : null);

    private static AgentState AgentFromJson(JsonElement element) => new(
        AgentDefinition.FromJson(element.GetProperty("definition")),
        Time(element, "created"),
        Time(element, "changed"),
        element.Flag("suspended"),
        element.Amount("spent") ?? 0,
        element.Amount("reserved") ?? 0)
    {
        Delegated = element.Amount("delegated") ?? 0,
        Keys = [.. element.Items("keys").Select(AgentKey.FromJson)],
    };

    private static ToolState ToolFromJson(JsonElement element) =>
        new(ToolDefinition.FromJson(element.GetProperty("definition")), Time(element, "registered")) { Suspended = element.Text("suspended") };

    private static JsonObject ToJson(GrantState grant) => new JsonObject()
        .With("rule", grant.Rule.ToJson())
        .With("granted", Ticks(grant.Granted))
        .With("grantedBy", grant.GrantedBy)
        .With("sequence", grant.Sequence);

    private static GrantState GrantFromJson(JsonElement element) => new(
        PolicyRule.FromJson(element.GetProperty("rule")),
        Time(element, "granted"),
        element.RequiredText("grantedBy"),
        element.Integer("sequence") ?? 0);

    private static JsonObject ToJson(SessionState session)
    {
        var pending = new JsonArray();
        foreach (var intent in session.Pending.Values)
        {
            pending.Add((JsonNode)new JsonObject()
                .With("sequence", intent.Sequence)
                .With("call", intent.Call)
                .With("tool", intent.Tool)
                .With("started", Ticks(intent.Started))
                .With("sideEffect", intent.SideEffect.ToString())
                .With("arguments", intent.Arguments?.ToJson()));
        }

        return new JsonObject()
            .With("id", session.Id)
            .With("agent", session.Agent)
            .With("onBehalfOf", session.OnBehalfOf)
            .With("task", session.Task)
            .With("served", session.Served?.ToJson())
            .With("status", session.Status.ToString())
            .With("reason", session.Reason)
            .With("host", session.Runner.Host)
            .With("processId", session.Runner.ProcessId)
            .With("processStarted", Ticks(session.Runner.ProcessStarted))
            .With("delegators", session.Delegators)
            .With("parent", session.Parent)
            .With("account", session.Account)
            .With("lease", session.Lease)
            .With("renewed", Ticks(session.Renewed))
            .With("requests", session.Requests)
            .With("started", Ticks(session.Started))
            .With("lastActivity", Ticks(session.LastActivity))
            .With("firstSequence", session.FirstSequence)
            .With("lastSequence", session.LastSequence)
            .With("steps", session.Steps)
            .With("model", session.Model)
            .With("toolCalls", session.ToolCalls)
            .With("refusals", session.Refusals)
            .With("cost", (decimal?)session.Cost)
            .With("reserved", (decimal?)session.Reserved)
            .With("delegated", (decimal?)session.Delegated)
            .With("maxCost", session.MaxCost)
            .With("stopRequested", session.IsStopRequested)
            .With("undoing", session.Undoing is { } failure ? new JsonObject().With("status", failure.Status.ToString()).With("reason", failure.Reason) : null)
            .With("undone", session.IsUndone)
            .With("tainted", session.IsTainted)
            .With("dataClass", session.DataClass)
            .With("domain", PromptDomains.NameOf(session.Domain))
            .With("pending", pending);
    }

    private static SessionState SessionFromJson(JsonElement element, ImmutableDictionary<string, ToolState> tools) => new()
    {
        Id = element.RequiredText("id"),
        Agent = element.RequiredText("agent"),
        OnBehalfOf = element.RequiredText("onBehalfOf"),
        Task = element.Text("task"),
        Served = element.Object("served") is { } served ? InvocationLimits.FromJson(served) : null,
        Status = element.RequiredEnum<SessionStatus>("status"),
        Reason = element.Text("reason"),
        Runner = new SessionRunner(element.RequiredText("host"), (int)(element.Integer("processId") ?? 0), Time(element, "processStarted")),
        Delegators = element.Strings("delegators"),
        Parent = element.Text("parent"),
        Account = element.RequiredText("account"),
        Lease = (int)(element.Integer("lease") ?? 1),
        Renewed = Time(element, "renewed"),
        Requests = element.Strings("requests"),
        Started = Time(element, "started"),
        LastActivity = Time(element, "lastActivity"),
        FirstSequence = element.Integer("firstSequence") ?? 0,
        LastSequence = element.Integer("lastSequence") ?? 0,
        Steps = (int)(element.Integer("steps") ?? 0),
        Model = element.Text("model"),
        ToolCalls = (int)(element.Integer("toolCalls") ?? 0),
        Refusals = (int)(element.Integer("refusals") ?? 0),
        Cost = element.Amount("cost") ?? 0,
        Reserved = element.Amount("reserved") ?? 0,
        Delegated = element.Amount("delegated") ?? 0,
        MaxCost = element.Amount("maxCost"),
        IsStopRequested = element.Flag("stopRequested"),
        Undoing = element.Object("undoing") is { } undoing ? new SessionFailure(undoing.RequiredEnum<SessionStatus>("status"), undoing.RequiredText("reason")) : null,
        IsUndone = element.Flag("undone"),
        IsTainted = element.Flag("tainted"),
        DataClass = element.Text("dataClass") ?? DataClasses.Default,
        Domain = PromptDomains.Of(element.Text("domain")),
        Pending = element.Items("pending").ToImmutableDictionary(
            item => item.RequiredText("call"),
            item => new ToolCallIntent(item.Integer("sequence") ?? 0, item.RequiredText("call"), item.RequiredText("tool"), Time(item, "started"))
            {
                SideEffect = item.RequiredEnum<SideEffect>("sideEffect"),
                Arguments = item.Member("arguments") is { } arguments ? CallHistory.Bind(tools, item.RequiredText("tool"), arguments) : null,
            }),
    };

    // Ticks, not milliseconds: a state that was saved and loaded equals the one that was replayed.
    private static long? Ticks(DateTimeOffset time) => time.UtcTicks;

    private static DateTimeOffset Time(JsonElement element, string name) => new(element.Integer(name) ?? 0, TimeSpan.Zero);
}
