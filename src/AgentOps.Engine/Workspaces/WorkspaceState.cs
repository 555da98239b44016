using System.Collections.Immutable;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Memories;
using AgentOps.Engine.Notifications;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Workspaces;

/// <summary>All that the ledger tells, at one point of it. Immutable: a reader keeps a consistent view for as long as it likes.</summary>
public sealed record WorkspaceState
{
    /// <summary>The state of an empty ledger.</summary>
    public static WorkspaceState Empty { get; } = new();

    /// <summary>Agents by name.</summary>
    public ImmutableDictionary<string, AgentState> Agents { get; init; } = ByName<AgentState>();

    /// <summary>Tools by name.</summary>
    public ImmutableDictionary<string, ToolState> Tools { get; init; } = ByName<ToolState>();

    /// <summary>Providers by name.</summary>
    public ImmutableDictionary<string, ProviderDefinition> Providers { get; init; } = ByName<ProviderDefinition>();

    /// <summary>Routes by name.</summary>
    public ImmutableDictionary<string, RouteDefinition> Routes { get; init; } = ByName<RouteDefinition>();

    /// <summary>Rules in force by their qualified id (<c>policy/rule</c>, or <c>rule</c> alone).</summary>
    public ImmutableDictionary<string, GrantState> Grants { get; init; } = ByName<GrantState>();

    /// <summary>Groups by name.</summary>
    public ImmutableDictionary<string, PolicyGroup> Groups { get; init; } = ByName<PolicyGroup>();

    /// <summary>Budgets by name.</summary>
    public ImmutableDictionary<string, Budget> Budgets { get; init; } = ByName<Budget>();

    /// <summary>Notifiers by name.</summary>
    public ImmutableDictionary<string, NotifierDefinition> Notifiers { get; init; } = ByName<NotifierDefinition>();

    /// <summary>What was used of every limit.</summary>
    public LimitState Limits { get; init; } = LimitState.Empty;

    /// <summary>Keys that are registered as persons.</summary>
    public PersonRegistry Persons { get; init; } = PersonRegistry.Empty;

    /// <summary>What persons were asked, and answered.</summary>
    public ApprovalState Approvals { get; init; } = ApprovalState.Empty;

    /// <summary>The facts that agents keep.</summary>
    public MemoryState Memory { get; init; } = MemoryState.Empty;

    /// <summary>The newest tool calls.</summary>
    public CallHistory Calls { get; init; } = CallHistory.Empty;

    /// <summary>Sessions by id.</summary>
    public ImmutableDictionary<string, SessionState> Sessions { get; init; } = ByName<SessionState>();

    /// <summary>Model calls of clients of a served route that are under way, by what they reserved.</summary>
    public ImmutableDictionary<string, ServedReservation> ServedCalls { get; init; } = ImmutableDictionary.Create<string, ServedReservation>(StringComparer.Ordinal);

    /// <summary>Batches by id.</summary>
    public ImmutableDictionary<string, BatchState> Batches { get; init; } = ByName<BatchState>();

    /// <summary>How sessions ended, by the model that answered last in them and by what they were about.</summary>
    public ImmutableDictionary<string, ModelOutcomes> Outcomes { get; init; } = ByName<ModelOutcomes>();

    private static ImmutableDictionary<string, T> ByName<T>() =>
        ImmutableDictionary.Create<string, T>(StringComparer.OrdinalIgnoreCase);
}
