using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Permissions;

/// <summary>Grants and revokes rules, and answers what they mean; a change is one event a rule.</summary>
public sealed class PermissionBook
{
    private readonly WorkspaceLedger _ledger;

    internal PermissionBook(WorkspaceLedger ledger) => _ledger = ledger;

    /// <summary>Grants a rule.</summary>
    /// <exception cref="AgentOpsException"><c>PermissionExists</c>, <c>AgentNotFound</c>, and what the language says of a bad rule.</exception>
    public ValueTask<GrantState> GrantAsync(PolicyRule rule, CancellationToken cancellationToken) =>
        _ledger.ChangeAsync(
            (state, transaction) =>
            {
                if (state.Grants.ContainsKey(rule.Id))
                {
                    throw new AgentOpsException(ErrorCodes.PermissionExists, $"There is a permission '{rule.Id}' already.", rule.Id);
                }

                foreach (var agent in rule.Subjects.Agents)
                {
                    AgentDirectory.Require(state, agent);
                }

                // The whole set must still compile; a rule that breaks it is refused before it is written.
                PolicyCompiler.Compile(state, [rule]);
                transaction.Add(Event(EventTypes.PermissionGranted, rule.ToJson(), rule));
            },
            state => Require(state, rule.Id),
            cancellationToken);

    /// <summary>Revokes a rule; it is out of force from this record on.</summary>
    /// <exception cref="AgentOpsException"><c>PermissionNotFound</c>.</exception>
    public async ValueTask RevokeAsync(string id, CancellationToken cancellationToken) =>
        await _ledger.ChangeAsync(
            (state, transaction) =>
            {
                var grant = Require(state, id);
                transaction.Add(Event(EventTypes.PermissionRevoked, new JsonObject { ["id"] = grant.Rule.Id }, grant.Rule));
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
