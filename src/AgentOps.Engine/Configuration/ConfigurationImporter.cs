using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Configuration;

/// <summary>Brings a configuration into the workspace: all of it in one append, or, when anything is wrong, nothing of it.</summary>
public sealed class ConfigurationImporter
{
    private readonly WorkspaceLedger _ledger;

    internal ConfigurationImporter(WorkspaceLedger ledger) => _ledger = ledger;

    /// <summary>What an import would change, with nothing removed that other files may hold; nothing is written.</summary>
    /// <exception cref="AgentOpsException">As for <see cref="ImportAsync(ConfigurationSet, bool, CancellationToken)"/>.</exception>
    public ValueTask<IReadOnlyList<ConfigurationChange>> PlanAsync(ConfigurationSet configuration, CancellationToken cancellationToken) =>
        PlanAsync(configuration, prune: false, cancellationToken);

    /// <summary>Imports, and removes nothing that other files may hold; gives what was changed.</summary>
    /// <exception cref="AgentOpsException">As for <see cref="ImportAsync(ConfigurationSet, bool, CancellationToken)"/>.</exception>
    public ValueTask<IReadOnlyList<ConfigurationChange>> ImportAsync(ConfigurationSet configuration, CancellationToken cancellationToken) =>
        ImportAsync(configuration, prune: false, cancellationToken);

    /// <summary>What an import would change; nothing is written.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="prune">Whether to remove what it does not hold.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="AgentOpsException">As for <see cref="ImportAsync(ConfigurationSet, bool, CancellationToken)"/>.</exception>
    public async ValueTask<IReadOnlyList<ConfigurationChange>> PlanAsync(ConfigurationSet configuration, bool prune, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        return Plan(state, configuration, prune, DateTimeOffset.UnixEpoch);
    }

    /// <summary>Imports; gives what was changed.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="prune">Whether to remove what it does not hold.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="AgentOpsException">Something names what is not there, or is given twice; nothing was changed.</exception>
    public ValueTask<IReadOnlyList<ConfigurationChange>> ImportAsync(ConfigurationSet configuration, bool prune, CancellationToken cancellationToken) =>
        _ledger.TransactAsync<IReadOnlyList<ConfigurationChange>>(
            (state, transaction) =>
            {
                var changes = Plan(state, configuration, prune, transaction.Now);
                foreach (var change in changes)
                {
                    transaction.Add(change.Event!);
                }

                return changes;
            },
            cancellationToken);

    private static List<ConfigurationChange> Plan(WorkspaceState state, ConfigurationSet configuration, bool prune, DateTimeOffset now)
    {
        RefuseTwice(configuration);
        var changes = new List<ConfigurationChange>();
        state = PlanRoutes(state, configuration, changes);
        state = PlanTools(state, configuration, now, changes);
        state = PlanAgents(state, configuration, now, changes);
        state = PlanPolicies(state, configuration, now, changes);
        state = prune ? ConfigurationPruner.Prune(state, configuration, changes) : state;
        PolicyCache.Compile(state);
        return changes;
    }

    private static void RefuseTwice(ConfigurationSet configuration)
    {
        var twice = configuration.Documents
            .GroupBy(document => $"{document.Kind}/{document.Name}", StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            var second = twice.Last();
            throw new AgentOpsException(ErrorCodes.InvalidConfiguration, $"{second.Location}: the {second.Kind} '{second.Name}' is given twice; first at {twice.First().Location}.", second.Name);
        }
    }

    private static WorkspaceState PlanRoutes(WorkspaceState state, ConfigurationSet configuration, List<ConfigurationChange> changes)
    {
        foreach (var provider in configuration.Providers)
        {
            NameRule.Require("a provider", provider.Name);
            Compare(changes, "Provider", provider.Name, state.Providers.GetValueOrDefault(provider.Name)?.ToJson(), provider.ToJson(), EventTypes.ProviderRegistered);
            state = state with { Providers = state.Providers.SetItem(provider.Name, provider) };
        }

        foreach (var route in configuration.Routes)
        {
            RouteTable.Check(state, route);
            Compare(changes, "Route", route.Name, state.Routes.GetValueOrDefault(route.Name)?.ToJson(), route.ToJson(), EventTypes.RouteSet);
            state = state with { Routes = state.Routes.SetItem(route.Name, route) };
        }

        return state;
    }

    private static WorkspaceState PlanTools(WorkspaceState state, ConfigurationSet configuration, DateTimeOffset now, List<ConfigurationChange> changes)
    {
        var tools = configuration.Tools.Select(ToolCheck.Normalize).ToArray();
        var given = tools.ToDictionary(tool => tool.Name, StringComparer.OrdinalIgnoreCase);
        var before = state;
        foreach (var tool in tools)
        {
            ToolCheck.Check(tool, name => given.GetValueOrDefault(name) ?? before.Tools.GetValueOrDefault(name)?.Definition);
            Compare(changes, "Tool", tool.Name, state.Tools.GetValueOrDefault(tool.Name)?.Definition.ToJson(), tool.ToJson(), EventTypes.ToolRegistered);
            state = state with { Tools = state.Tools.SetItem(tool.Name, new ToolState(tool, now)) };
        }

        return state;
    }

    private static WorkspaceState PlanAgents(WorkspaceState state, ConfigurationSet configuration, DateTimeOffset now, List<ConfigurationChange> changes)
    {
        foreach (var agent in configuration.Agents)
        {
            AgentDirectory.Check(state, agent);
            var before = state.Agents.GetValueOrDefault(agent.Name);
            Compare(changes, "Agent", agent.Name, before?.Definition.ToJson(), agent.ToJson(), before is null ? EventTypes.AgentCreated : EventTypes.AgentChanged, agent.Name);
            state = state with { Agents = state.Agents.SetItem(agent.Name, before is null ? new AgentState(agent, now, now, false, 0, 0) : before with { Definition = agent }) };
        }

        return state;
    }

    private static WorkspaceState PlanPolicies(WorkspaceState state, ConfigurationSet configuration, DateTimeOffset now, List<ConfigurationChange> changes)
    {
        foreach (var group in configuration.Groups)
        {
            var before = state.Groups.GetValueOrDefault(group.Name);
            Compare(changes, "Group", group.Name, before is null ? null : GroupJson.Write(before), GroupJson.Write(group), EventTypes.GroupSet);
            state = state with { Groups = state.Groups.SetItem(group.Name, group) };
        }

        foreach (var budget in configuration.Budgets)
        {
            BudgetBook.Check(state, budget);
            Compare(changes, "Budget", budget.Name, state.Budgets.GetValueOrDefault(budget.Name)?.ToJson(), budget.ToJson(), EventTypes.BudgetSet);
            state = state with { Budgets = state.Budgets.SetItem(budget.Name, budget) };
        }

        foreach (var notifier in configuration.Notifiers)
        {
            Compare(changes, "Notifier", notifier.Name, state.Notifiers.GetValueOrDefault(notifier.Name)?.ToJson(), notifier.ToJson(), EventTypes.NotifierSet);
            state = state with { Notifiers = state.Notifiers.SetItem(notifier.Name, notifier) };
        }

        foreach (var policy in configuration.Policies)
        {
            var kept = policy.Rules.Select(rule => rule.QualifiedId).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var gone = state.Grants.Values
                .Where(grant => string.Equals(grant.Rule.Source.Policy, policy.Name, StringComparison.OrdinalIgnoreCase) && !kept.Contains(grant.Rule.QualifiedId))
                .Select(grant => grant.Rule.QualifiedId)
                .Order(StringComparer.Ordinal)
                .ToArray();
            foreach (var id in gone)
            {
                changes.Add(new ConfigurationChange(ChangeAction.Remove, "Permission", id) { Event = Event(EventTypes.PermissionRevoked, new JsonObject { ["id"] = id }) });
            }

            state = state with { Grants = state.Grants.RemoveRange(gone) };
            foreach (var rule in policy.Rules)
            {
                Compare(changes, "Permission", rule.QualifiedId, state.Grants.GetValueOrDefault(rule.QualifiedId)?.Rule, rule);
                state = state with { Grants = state.Grants.SetItem(rule.QualifiedId, new GrantState(rule, now, string.Empty, 0)) };
            }
        }

        foreach (var rule in configuration.Permissions)
        {
            Compare(changes, "Permission", rule.QualifiedId, state.Grants.GetValueOrDefault(rule.QualifiedId)?.Rule, rule);
            state = state with { Grants = state.Grants.SetItem(rule.QualifiedId, new GrantState(rule, now, string.Empty, 0)) };
        }

        return state;
    }

    private static void Compare(List<ConfigurationChange> changes, string kind, string name, JsonObject? before, JsonObject after, string type, string? agent = null)
    {
        if (before is null || !JsonNode.DeepEquals(before, after))
        {
            changes.Add(new ConfigurationChange(before is null ? ChangeAction.Create : ChangeAction.Change, kind, name)
            {
                Event = Event(type, after) with { Agent = agent },
            });
        }
    }

    // A rule that only stands in another place now is the same rule.
    private static void Compare(List<ConfigurationChange> changes, string kind, string name, PolicyRule? before, PolicyRule after)
    {
        if (before is null || !JsonNode.DeepEquals(PolicyRuleJson.Write(before, withSource: false), PolicyRuleJson.Write(after, withSource: false)))
        {
            changes.Add(new ConfigurationChange(before is null ? ChangeAction.Create : ChangeAction.Change, kind, name)
            {
                Event = Event(EventTypes.PermissionGranted, after.ToJson()),
            });
        }
    }

    private static NewEvent Event(string type, JsonObject data) => new(type, EventTypes.Version, data);
}
