using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Permissions;

/// <summary>Grants and revokes rules, and answers what they mean; a change is one event a rule.</summary>
public sealed class PermissionBook
{
    private readonly WorkspaceLedger _ledger;
    private readonly PolicyCache _policies;

    internal PermissionBook(WorkspaceLedger ledger, PolicyCache policies)
    {
        _ledger = ledger;
        _policies = policies;
    }

    /// <summary>
    /// Decides a call as an invocation would, without making it: the same binding, the same rules, nothing recorded and no counter moved.
    /// </summary>
    /// <param name="agent">The agent's name.</param>
    /// <param name="resource">The resource, for example <c>tool:Get-Disk</c>.</param>
    /// <param name="arguments">For a tool: its arguments as a model would write them; null for none.</param>
    /// <param name="onBehalfOf">Whom the agent would act for.</param>
    /// <param name="now">The time to decide for, UTC.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="AgentOpsException"><c>AgentNotFound</c>, <c>ToolNotFound</c>.</exception>
    public async ValueTask<PermissionTest> TestAsync(
        string agent, string resource, JsonElement? arguments, string onBehalfOf, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        var name = AgentDirectory.Require(state, agent).Definition.Name;
        var request = new AuthorizationRequest { Agent = name, OnBehalfOf = onBehalfOf, Resource = resource, Now = now };
        IReadOnlyList<string> constraints = [];
        if (resource.StartsWith("tool:", StringComparison.OrdinalIgnoreCase))
        {
            var tool = ToolRegistry.Require(state, resource["tool:".Length..]).Definition;
            constraints = [.. tool.Constraints.Items.Select(constraint => constraint.Kind)];
            using var nothing = JsonDocument.Parse("{}");
            var bound = ArgumentBinder.Bind(tool.Parameters, arguments ?? nothing.RootElement);
            if (!bound.IsBound)
            {
                return new PermissionTest(name, tool.Resource, null, bound.Reason, ReachOf(tool.Resource)) { Constraints = constraints };
            }

            request = request with { Resource = tool.Resource, SchemaDigest = tool.Digest, CompensationTool = tool.Compensation, Arguments = bound.Arguments };
        }

        return new PermissionTest(name, request.Resource, _policies.For(state).Decide(request), null, ReachOf(request.Resource)) { Constraints = constraints };

        ReachLevel ReachOf(string asked) => _policies.For(state).WhatCanReach(name, onBehalfOf, [asked], now)[0].Level;
    }

    /// <summary>What an agent can reach: every registered tool and route, and every other agent, with <see cref="ReachLevel.None"/> where it can't.</summary>
    /// <param name="agent">The agent's name.</param>
    /// <param name="onBehalfOf">Whom the agent would act for.</param>
    /// <param name="now">The time to decide for, UTC.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="AgentOpsException"><c>AgentNotFound</c>.</exception>
    public async ValueTask<IReadOnlyList<Reach>> WhatCanReachAsync(string agent, string onBehalfOf, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        var name = AgentDirectory.Require(state, agent).Definition.Name;
        var resources = state.Tools.Values.Select(tool => tool.Definition.Resource)
            .Concat(state.Routes.Keys.Select(route => "route:" + route))
            .Concat(state.Agents.Values.Select(other => other.Definition.Name).Where(other => other != name).Select(other => "agent:" + other))
            .Order(StringComparer.OrdinalIgnoreCase);
        return _policies.For(state).WhatCanReach(name, onBehalfOf, resources, now);
    }

    /// <summary>Which agents may use a resource; those that can't are left out.</summary>
    /// <param name="resource">The resource, for example <c>tool:Get-Disk</c>.</param>
    /// <param name="onBehalfOf">Whom the agents would act for.</param>
    /// <param name="now">The time to decide for, UTC.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="AgentOpsException"><c>ToolNotFound</c>.</exception>
    public async ValueTask<IReadOnlyList<Reach>> WhoMayCallAsync(string resource, string onBehalfOf, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        if (resource.StartsWith("tool:", StringComparison.OrdinalIgnoreCase))
        {
            resource = ToolRegistry.Require(state, resource["tool:".Length..]).Definition.Resource;
        }

        var agents = state.Agents.Values.Select(agent => agent.Definition.Name).Order(StringComparer.OrdinalIgnoreCase);
        return _policies.For(state).WhoMayCall(resource, agents, onBehalfOf, now);
    }

    /// <summary>Grants a rule.</summary>
    /// <exception cref="AgentOpsException"><c>PermissionExists</c>, <c>AgentNotFound</c>, and what the language says of a bad rule.</exception>
    public ValueTask<GrantState> GrantAsync(PolicyRule rule, CancellationToken cancellationToken) =>
        _ledger.ChangeAsync(
            (state, transaction) =>
            {
                if (state.Grants.ContainsKey(rule.QualifiedId))
                {
                    throw new AgentOpsException(ErrorCodes.PermissionExists, $"There is a permission '{rule.QualifiedId}' already.", rule.QualifiedId);
                }

                foreach (var agent in rule.Subjects.Agents)
                {
                    AgentDirectory.Require(state, agent);
                }

                // The whole set must still compile; a rule that breaks it is refused before it is written.
                PolicyCache.Compile(state with { Grants = state.Grants.SetItem(rule.QualifiedId, new GrantState(rule, transaction.Now, string.Empty, 0)) });
                transaction.Add(Event(EventTypes.PermissionGranted, rule.ToJson(), rule));
            },
            state => Require(state, rule.QualifiedId),
            cancellationToken);

    /// <summary>Revokes a rule; it is out of force from this record on.</summary>
    /// <exception cref="AgentOpsException"><c>PermissionNotFound</c>.</exception>
    public async ValueTask RevokeAsync(string id, CancellationToken cancellationToken) =>
        await _ledger.ChangeAsync(
            (state, transaction) =>
            {
                var grant = Require(state, id);
                transaction.Add(Event(EventTypes.PermissionRevoked, new JsonObject { ["id"] = grant.Rule.QualifiedId }, grant.Rule));
            },
            _ => true,
            cancellationToken);

    private static GrantState Require(WorkspaceState state, string id) =>
        state.Grants.TryGetValue(id, out var grant)
            ? grant
            : throw new AgentOpsException(ErrorCodes.PermissionNotFound, $"There is no permission '{id}'.", id);

    private static NewEvent Event(string type, JsonObject data, PolicyRule rule) =>
        new(type, EventTypes.Version, data) { Agent = rule.Subjects.Agents.Count == 1 ? rule.Subjects.Agents[0] : null };
}
