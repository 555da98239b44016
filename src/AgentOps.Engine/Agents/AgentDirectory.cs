using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Agents;

/// <summary>Creates, changes and removes agents; each change is one event.</summary>
public sealed class AgentDirectory
{
    private readonly WorkspaceLedger _ledger;

    internal AgentDirectory(WorkspaceLedger ledger) => _ledger = ledger;

    /// <summary>Creates an agent. It can do nothing yet: rights are granted.</summary>
    /// <exception cref="AgentOpsException"><c>NameInvalid</c>, <c>AgentExists</c>, <c>RouteNotFound</c>, <c>ToolNotFound</c>, <c>LimitInvalid</c>.</exception>
    public ValueTask<AgentState> CreateAsync(AgentDefinition definition, CancellationToken cancellationToken) =>
        _ledger.ChangeAsync(
            (state, transaction) =>
            {
                if (state.Agents.ContainsKey(definition.Name))
                {
                    throw new AgentOpsException(ErrorCodes.AgentExists, $"There is an agent '{definition.Name}' already.", definition.Name);
                }

                Check(state, definition);
                transaction.Add(Event(EventTypes.AgentCreated, definition.Name, definition.ToJson()));
            },
            state => Require(state, definition.Name),
            cancellationToken);

    /// <summary>Replaces an agent's definition.</summary>
    /// <exception cref="AgentOpsException"><c>AgentNotFound</c>, and as for <see cref="CreateAsync"/>.</exception>
    public ValueTask<AgentState> ChangeAsync(string name, Func<AgentDefinition, AgentDefinition> change, CancellationToken cancellationToken) =>
        _ledger.ChangeAsync(
            (state, transaction) =>
            {
                var before = Require(state, name).Definition;
                var after = change(before) with { Name = before.Name };
                Check(state, after);
                transaction.Add(Event(EventTypes.AgentChanged, before.Name, after.ToJson()));
            },
            state => Require(state, name),
            cancellationToken);

    /// <summary>Takes from an agent the right to act; its running sessions end within a second.</summary>
    /// <exception cref="AgentOpsException"><c>AgentNotFound</c>.</exception>
    public ValueTask<AgentState> SuspendAsync(string name, string? reason, CancellationToken cancellationToken) =>
        MarkAsync(EventTypes.AgentSuspended, name, reason, cancellationToken);

    /// <summary>Lets a suspended agent act again.</summary>
    /// <exception cref="AgentOpsException"><c>AgentNotFound</c>.</exception>
    public ValueTask<AgentState> ResumeAsync(string name, string? reason, CancellationToken cancellationToken) =>
        MarkAsync(EventTypes.AgentResumed, name, reason, cancellationToken);

    /// <summary>Removes an agent with the permissions that name only it. The ledger keeps what it did.</summary>
    /// <exception cref="AgentOpsException"><c>AgentNotFound</c>.</exception>
    public async ValueTask RemoveAsync(string name, CancellationToken cancellationToken) =>
        await _ledger.ChangeAsync(
            (state, transaction) =>
            {
                var agent = Require(state, name);
                transaction.Add(Event(EventTypes.AgentRemoved, agent.Definition.Name, new JsonObject { ["name"] = agent.Definition.Name }));
            },
            _ => true,
            cancellationToken);

    /// <summary>The agent, or an error that says how to find one.</summary>
    internal static AgentState Require(WorkspaceState state, string name) =>
        state.Agents.TryGetValue(name, out var agent)
            ? agent
            : throw new AgentOpsException(ErrorCodes.AgentNotFound, $"There is no agent '{name}'.", name);

    /// <summary>Whether a definition can stand in this state.</summary>
    internal static void Check(WorkspaceState state, AgentDefinition definition)
    {
        NameRule.Require("an agent", definition.Name);
        if (!state.Routes.ContainsKey(definition.Route))
        {
            throw new AgentOpsException(ErrorCodes.RouteNotFound, $"The agent '{definition.Name}' names the route '{definition.Route}', which does not exist.", definition.Route);
        }

        foreach (var tool in definition.Tools)
        {
            if (!state.Tools.ContainsKey(tool))
            {
                throw new AgentOpsException(ErrorCodes.ToolNotFound, $"The agent '{definition.Name}' names the tool '{tool}', which does not exist.", tool);
            }
        }

        var limits = definition.Limits;
        if (definition.Budget < 0 || limits.MaxCost < 0 || limits.MaxSteps < 1 || limits.MaxToolCalls < 1 || limits.MaxDuration <= TimeSpan.Zero || limits.MaxOutputTokens < 1)
        {
            throw new AgentOpsException(ErrorCodes.LimitInvalid, $"A budget or limit of the agent '{definition.Name}' is below what is possible.", definition.Name);
        }
    }

    private ValueTask<AgentState> MarkAsync(string type, string name, string? reason, CancellationToken cancellationToken) =>
        _ledger.ChangeAsync(
            (state, transaction) =>
            {
                var agent = Require(state, name);
                var data = new JsonObject { ["name"] = agent.Definition.Name };
                if (reason is not null)
                {
                    data["reason"] = reason;
                }

                transaction.Add(Event(type, agent.Definition.Name, data));
            },
            state => Require(state, name),
            cancellationToken);

    private static NewEvent Event(string type, string agent, JsonObject data) => new(type, EventTypes.Version, data) { Agent = agent };
}
