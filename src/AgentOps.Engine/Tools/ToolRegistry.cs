using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tools;

/// <summary>Registers tools and takes them away; each change is one event.</summary>
public sealed class ToolRegistry
{
    private readonly WorkspaceLedger _ledger;
    private readonly IReadOnlyDictionary<ToolKind, IToolExecutor> _executors;
    private readonly HostIsolation _isolation;

    internal ToolRegistry(WorkspaceLedger ledger, IReadOnlyDictionary<ToolKind, IToolExecutor> executors, HostIsolation isolation)
    {
        _ledger = ledger;
        _executors = executors;
        _isolation = isolation;
    }

    /// <summary>Registers a tool. Nobody may call it yet: rights are granted.</summary>
    /// <param name="definition">The tool.</param>
    /// <param name="replace">Whether a tool of that name may be replaced; permissions pinned to its digest then no longer match.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="AgentOpsException"><c>NameInvalid</c>, <c>ToolExists</c>, <c>ToolInvalid</c>, <c>ToolNotFound</c> for an unknown compensation.</exception>
    public ValueTask<ToolState> RegisterAsync(ToolDefinition definition, bool replace, CancellationToken cancellationToken)
    {
        definition = ToolCheck.Normalize(definition);
        return _ledger.ChangeAsync(
            (state, transaction) =>
            {
                if (!replace && state.Tools.ContainsKey(definition.Name))
                {
                    throw new AgentOpsException(ErrorCodes.ToolExists, $"There is a tool '{definition.Name}' already.", definition.Name);
                }

                ToolCheck.Check(definition, name => state.Tools.TryGetValue(name, out var known) ? known.Definition : null);
                transaction.Add(new NewEvent(EventTypes.ToolRegistered, EventTypes.Version, definition.ToJson()));
            },
            state => Require(state, definition.Name),
            cancellationToken);
    }

    /// <summary>Takes a tool away.</summary>
    /// <exception cref="AgentOpsException"><c>ToolNotFound</c>; <c>StillInUse</c> when an agent shows it to its model.</exception>
    public async ValueTask UnregisterAsync(string name, CancellationToken cancellationToken) =>
        await _ledger.ChangeAsync(
            (state, transaction) =>
            {
                var tool = Require(state, name);
                var user = state.Agents.Values.FirstOrDefault(agent => agent.Definition.Tools.Contains(tool.Definition.Name, StringComparer.OrdinalIgnoreCase));
                if (user is not null)
                {
                    throw new AgentOpsException(ErrorCodes.StillInUse, $"The tool '{tool.Definition.Name}' is among those of the agent '{user.Definition.Name}'.", name);
                }

                transaction.Add(new NewEvent(EventTypes.ToolUnregistered, EventTypes.Version, new JsonObject { ["name"] = tool.Definition.Name }));
            },
            _ => true,
            cancellationToken);

    /// <summary>What separates a running call of a tool from this host; null when this host can't run its kind.</summary>
    public string? Isolation(ToolDefinition tool) => _executors.TryGetValue(tool.Kind, out var executor) ? _isolation.Describe(tool, executor.Isolation) : null;

    /// <summary>The tool, or an error that says how to find one.</summary>
    internal static ToolState Require(WorkspaceState state, string name) =>
        state.Tools.TryGetValue(name, out var tool)
            ? tool
            : throw new AgentOpsException(ErrorCodes.ToolNotFound, $"There is no tool '{name}'.", name);
}
