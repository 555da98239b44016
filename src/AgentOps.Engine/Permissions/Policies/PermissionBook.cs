using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Permissions;

/// <summary>Grants and revokes rules, and answers what they mean; a change is one event a rule.</summary>
public sealed class PermissionBook
{
    private readonly WorkspaceLedger _ledger;
    private readonly PolicyCache _policies;
    private readonly HostIsolation _isolation;

    internal PermissionBook(WorkspaceLedger ledger, PolicyCache policies, HostIsolation isolation)
    {
        _ledger = ledger;
        _policies = policies;
        _isolation = isolation;
    }

    /// <summary>
    /// Decides a call as the first one of a session that began now, without making it: the same binding, the same data, rules, facts,
    /// history and limits, nothing recorded and no counter moved.
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
        var question = Question(state, name, onBehalfOf, now);
        if (!resource.StartsWith("tool:", StringComparison.OrdinalIgnoreCase))
        {
            return new PermissionTest(name, resource, _policies.For(state).Decide(question.About(resource)), null, ReachOf(resource)) { Obstacle = Suspension(state, name) };
        }

        var tool = ToolRegistry.Require(state, resource["tool:".Length..]).Definition;
        string[] constraints = [.. tool.Constraints.Items.Select(constraint => constraint.Kind)];
        using var nothing = JsonDocument.Parse("{}");
        var bound = ArgumentBinder.Bind(tool.Parameters, arguments ?? nothing.RootElement);
        var fault = bound.Reason;
        var request = bound.IsBound ? question.AboutTool(tool, bound.Arguments, PathPins.Of(tool, bound.Arguments), out fault) : null;
        return new PermissionTest(name, tool.Resource, request is null ? null : _policies.For(state).Decide(request), request is null ? fault : null, ReachOf(tool.Resource))
        {
            Constraints = constraints,
            Obstacle = Suspension(state, name) ?? (state.Tools[tool.Name].Suspended is { } why ? $"The tool '{tool.Name}' is suspended: {why}" : _isolation.Refusal(tool)),
            Touches = request?.Touches ?? [],
        };

        ReachLevel ReachOf(string asked) => Reach(state, name, asked, onBehalfOf, now).Level;
    }

    /// <summary>Whether an agent may call a route: what a session that it began now would be told.</summary>
    /// <param name="state">The workspace.</param>
    /// <param name="agent">The agent's name.</param>
    /// <param name="route">The route.</param>
    /// <param name="onBehalfOf">Whom the agent would act for.</param>
    /// <param name="now">The time to decide for, UTC.</param>
    internal Decision TestRoute(WorkspaceState state, string agent, string route, string onBehalfOf, DateTimeOffset now) =>
        _policies.For(state).Decide(Question(state, AgentDirectory.Require(state, agent).Definition.Name, onBehalfOf, now).AboutRoute(route, 0));

    private static string? Suspension(WorkspaceState state, string agent) => state.Agents[agent].IsSuspended ? $"The agent '{agent}' is suspended." : null;

    private CallQuestion Question(WorkspaceState state, string agent, string onBehalfOf, DateTimeOffset now) =>
        new(state, SessionState.Imagine(agent, onBehalfOf, now), _isolation, isPlan: false, now);

    /// <summary>A tool reaches no further than what every call of it touches; where its path arguments lead, only a call tells.</summary>
    private Reach Reach(WorkspaceState state, string agent, string resource, string onBehalfOf, DateTimeOffset now)
    {
        var tool = resource.StartsWith("tool:", StringComparison.Ordinal) ? state.Tools.GetValueOrDefault(resource["tool:".Length..])?.Definition : null;
        string[] touched = tool is null ? [] : [.. tool.Data.Paths.Select(data => "data:" + data), .. tool.Kind == ToolKind.Agent ? ["agent:" + Delegation.Agent(tool)] : Array.Empty<string>()];
        var reaches = _policies.For(state).WhatCanReach(agent, onBehalfOf, touched.Prepend(resource), now, state.Agents.GetValueOrDefault(agent)?.Definition.Route);
        var level = reaches.Min(reach => reach.Level);
        return new Reach(
            agent, resource, level == ReachLevel.Full && tool is { Data.Roots.Count: > 0 } ? ReachLevel.Conditional : level,
            Words(reach => reach.Permits), Words(reach => reach.Forbids), Words(reach => reach.Requires));

        string[] Words(Func<Reach, IReadOnlyList<string>> read) => [.. reaches.SelectMany(read).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>What an agent can reach: every registered tool, its declared data, every route and every other agent, with <see cref="ReachLevel.None"/> where it can't.</summary>
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
            .Concat(state.Tools.Values.SelectMany(tool => tool.Definition.Data.Paths.Concat(tool.Definition.Data.Roots.Keys)).Distinct().Select(data => "data:" + data))
            .Concat(state.Routes.Keys.Select(route => "route:" + route))
            .Concat(state.Agents.Values.Select(other => other.Definition.Name).Where(other => other != name).Select(other => "agent:" + other))
            .Order(StringComparer.OrdinalIgnoreCase);
        return [.. resources.Select(resource => Reach(state, name, resource, onBehalfOf, now))];
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
        return [.. agents.Select(agent => Reach(state, agent, resource, onBehalfOf, now)).Where(reach => reach.Level != ReachLevel.None)];
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

                foreach (var agent in rule.Subjects.Agents.Where(agent => !agent.StartsWith("group:", StringComparison.Ordinal) && !agent.AsSpan().ContainsAny('*', '?')))
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
