using AgentOps.Engine.Agents;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// Whether money may be set aside for one more model call. Runs in the critical section of the append, so that many sessions at once
/// are still one sum. A delegate's spend counts for each session and agent of the chain that it acts for.
/// </summary>
internal static class SpendGuard
{
    /// <summary>The end at the bound that a reservation would break; null when there is none.</summary>
    /// <param name="state">The state.</param>
    /// <param name="session">The session that calls.</param>
    /// <param name="maxCost">Its own bound, in USD; null for none.</param>
    /// <param name="reservation">What the call may cost, in USD.</param>
    public static TurnEnd? Broken(WorkspaceState state, SessionState session, decimal? maxCost, decimal reservation)
    {
        if (maxCost is { } most && Used(session) + reservation > most)
        {
            return TurnEnd.At(SessionLimit.Cost, FormattableString.Invariant($"The session's bound of ${most} would be passed: ${session.Cost} spent{Delegated(session.Delegated)}, ${reservation} needed for the next model call."));
        }

        if (OfAgent(state.Agents[session.Agent], reservation) is { } own)
        {
            return own;
        }

        for (var depth = 0; depth < Delegation.MaxDepth && session.Parent is { } parent && state.Sessions.TryGetValue(parent, out var above); depth++)
        {
            session = above;
            if (Budget.OfSession(state, session.MaxCost) is { } bound && Used(session) + reservation > bound)
            {
                return TurnEnd.At(SessionLimit.Cost, FormattableString.Invariant($"The bound of ${bound} of the session '{session.Id}', which delegated, would be passed: ${reservation} needed for the next model call."));
            }

            if (state.Agents.TryGetValue(session.Agent, out var agent) && OfAgent(agent, reservation) is { } broken)
            {
                return broken;
            }
        }

        return null;
    }

    /// <summary>What a session and its delegates have spent or set aside.</summary>
    public static decimal Used(SessionState session) => session.Cost + session.Reserved + session.Delegated;

    private static TurnEnd? OfAgent(AgentState agent, decimal reservation) =>
        agent.Definition.Budget is { } budget && agent.Spent + agent.Reserved + agent.Delegated + reservation > budget
            ? TurnEnd.At(SessionLimit.Budget, FormattableString.Invariant($"The budget of ${budget} of the agent '{agent.Definition.Name}' would be passed: ${agent.Spent} spent{Delegated(agent.Delegated)}, ${agent.Reserved} set aside, ${reservation} needed for the next model call."))
            : null;

    private static string Delegated(decimal amount) => amount == 0 ? string.Empty : FormattableString.Invariant($", ${amount} by delegates");
}
