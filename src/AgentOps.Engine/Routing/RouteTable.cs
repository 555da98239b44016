using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Routing;

/// <summary>Sets routes and removes them; each change is one event.</summary>
public sealed class RouteTable
{
    private readonly WorkspaceLedger _ledger;
    private readonly RouterCache _routers;
    private readonly PermissionBook _permissions;

    internal RouteTable(WorkspaceLedger ledger, RouterCache routers, PermissionBook permissions)
    {
        _ledger = ledger;
        _routers = routers;
        _permissions = permissions;
    }

    /// <summary>Explains, without calling anything, where a prompt would go: every candidate with its predictions, or why it was rejected.</summary>
    /// <exception cref="AgentOpsException"><c>RouteNotFound</c>.</exception>
    public async ValueTask<RouteDecision> ResolveAsync(string name, ModelRequest request, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        return _routers.For(state).Resolve(new RouteRequest(Require(state, name), request));
    }

    /// <summary>The same for an agent: where its rules do not let it use the route, every candidate is rejected and says why.</summary>
    /// <param name="name">The route.</param>
    /// <param name="request">The prompt.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="onBehalfOf">Whom it would act for.</param>
    /// <param name="now">The time to decide for, UTC.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="AgentOpsException"><c>RouteNotFound</c>, <c>AgentNotFound</c>.</exception>
    public async ValueTask<RouteDecision> ResolveAsync(
        string name, ModelRequest request, string agent, string onBehalfOf, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        var route = Require(state, name);
        var decision = _permissions.TestRoute(state, agent, route.Name, onBehalfOf, now);
        return _routers.For(state).Resolve(new RouteRequest(route, request with { Agent = agent })
        {
            MayUse = decision.IsAllowed ? null : _ => TargetPermission.Refused(decision.Reason),
        });
    }

    /// <summary>Sets a route, in place of one of the same name.</summary>
    /// <exception cref="AgentOpsException"><c>NameInvalid</c>, <c>ProviderNotFound</c>, <c>RouteInvalid</c>.</exception>
    public ValueTask<RouteDefinition> SetAsync(RouteDefinition definition, CancellationToken cancellationToken) =>
        _ledger.ChangeAsync(
            (state, transaction) =>
            {
                Check(state, definition);
                transaction.Add(new NewEvent(EventTypes.RouteSet, EventTypes.Version, definition.ToJson()));
            },
            state => Require(state, definition.Name),
            cancellationToken);

    /// <summary>Removes a route.</summary>
    /// <exception cref="AgentOpsException"><c>RouteNotFound</c>; <c>StillInUse</c> when an agent uses it.</exception>
    public async ValueTask RemoveAsync(string name, CancellationToken cancellationToken) =>
        await _ledger.ChangeAsync(
            (state, transaction) =>
            {
                var route = Require(state, name);
                var user = state.Agents.Values.FirstOrDefault(agent => string.Equals(agent.Definition.Route, route.Name, StringComparison.OrdinalIgnoreCase));
                if (user is not null)
                {
                    throw new AgentOpsException(ErrorCodes.StillInUse, $"The route '{route.Name}' is used by the agent '{user.Definition.Name}'.", name);
                }

                transaction.Add(new NewEvent(EventTypes.RouteRemoved, EventTypes.Version, new JsonObject { ["name"] = route.Name }));
            },
            _ => true,
            cancellationToken);

    /// <summary>The route, or an error that says how to find one.</summary>
    internal static RouteDefinition Require(WorkspaceState state, string name) =>
        state.Routes.TryGetValue(name, out var route)
            ? route
            : throw new AgentOpsException(ErrorCodes.RouteNotFound, $"There is no route '{name}'.", name);

    /// <summary>Whether a definition can stand in this state.</summary>
    internal static void Check(WorkspaceState state, RouteDefinition definition)
    {
        NameRule.Require("a route", definition.Name);
        foreach (var target in definition.Targets)
        {
            ProviderRegistry.Require(state, target.Provider);
        }
    }
}
