using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Configuration;

/// <summary>Plans the removal of everything that a configuration does not hold, so that the workspace is the configuration and nothing else.</summary>
internal static class ConfigurationPruner
{
    /// <summary>Adds the removals to the changes; gives the state without what they remove.</summary>
    /// <exception cref="Errors.AgentOpsException">What is kept needs something that the configuration does not hold.</exception>
    public static WorkspaceState Prune(WorkspaceState state, ConfigurationSet configuration, List<ConfigurationChange> changes)
    {
        var kept = configuration.Documents.ToLookup(document => document.Kind, document => document.Name, StringComparer.Ordinal);
        var rules = configuration.Policies.SelectMany(policy => policy.Rules).Concat(configuration.Permissions).Select(rule => rule.QualifiedId);
        state = state with
        {
            Grants = state.Grants.RemoveRange(Remove(state.Grants.Keys, rules, "Permission", EventTypes.PermissionRevoked, changes, key: "id")),
            Agents = state.Agents.RemoveRange(Remove(state.Agents.Keys, kept["Agent"], "Agent", EventTypes.AgentRemoved, changes)),
            Tools = state.Tools.RemoveRange(Remove(state.Tools.Keys, kept["Tool"], "Tool", EventTypes.ToolUnregistered, changes)),
            Routes = state.Routes.RemoveRange(Remove(state.Routes.Keys, kept["Route"], "Route", EventTypes.RouteRemoved, changes)),
            Providers = state.Providers.RemoveRange(Remove(state.Providers.Keys, kept["Provider"], "Provider", EventTypes.ProviderUnregistered, changes)),
            Groups = state.Groups.RemoveRange(Remove(state.Groups.Keys, kept["Group"], "Group", EventTypes.GroupRemoved, changes)),
            Budgets = state.Budgets.RemoveRange(Remove(state.Budgets.Keys, kept["Budget"], "Budget", EventTypes.BudgetRemoved, changes)),
            Notifiers = state.Notifiers.RemoveRange(Remove(state.Notifiers.Keys, kept["Notifier"], "Notifier", EventTypes.NotifierRemoved, changes)),
        };
        foreach (var route in state.Routes.Values)
        {
            RouteTable.Check(state, route);
        }

        foreach (var tool in state.Tools.Values)
        {
            ToolCheck.Check(tool.Definition, name => state.Tools.GetValueOrDefault(name)?.Definition);
        }

        foreach (var agent in state.Agents.Values)
        {
            AgentDirectory.Check(state, agent.Definition);
        }

        return state;
    }

    private static string[] Remove(
        IEnumerable<string> there, IEnumerable<string> kept, string kind, string type, List<ConfigurationChange> changes, string key = "name")
    {
        var gone = there.Except(kept, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToArray();
        changes.AddRange(gone.Select(name => new ConfigurationChange(ChangeAction.Remove, kind, name)
        {
            Event = new NewEvent(type, EventTypes.Version, new JsonObject { [key] = name }) { Agent = kind == "Agent" ? name : null },
        }));
        return gone;
    }
}
