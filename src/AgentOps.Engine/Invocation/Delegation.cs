using AgentOps.Engine.Providers;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// What one agent may hand on to another. A delegate's effective rights are the intersection of its own and of those of every agent
/// of the chain; the chain stands in the first record of its session.
/// </summary>
internal static class Delegation
{
    /// <summary>Longest chain, the first agent included.</summary>
    public const int MaxDepth = 8;

    /// <summary>The agent that a tool stands for.</summary>
    public static string Agent(ToolDefinition tool) => tool.Settings.Text("name") ?? string.Empty;

    /// <summary>Why a session can't delegate with a tool, fit for the model to read; null when it can, if the rules let it.</summary>
    public static string? Refusal(WorkspaceState state, SessionScope session, ToolDefinition tool)
    {
        var agent = Agent(tool);
        return !state.Agents.TryGetValue(agent, out var found) ? $"There is no agent '{agent}'."
            : found.IsSuspended ? $"The agent '{agent}' is suspended."
            : session.Delegators.Append(session.Agent).Contains(agent, StringComparer.OrdinalIgnoreCase) ? $"The agent '{agent}' is part of the chain already."
            : session.Delegators.Count + 2 > MaxDepth ? FormattableString.Invariant($"The chain of agents is {MaxDepth} long already.")
            : null;
    }
}
