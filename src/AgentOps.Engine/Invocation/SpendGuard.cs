using AgentOps.Engine.Agents;
using AgentOps.Engine.Sessions;

namespace AgentOps.Engine.Invocation;

/// <summary>Whether money may be set aside for one more model call. Runs in the critical section of the append.</summary>
internal static class SpendGuard
{
    /// <summary>The end at the bound that a reservation would break; null when there is none.</summary>
    public static TurnEnd? Broken(AgentState agent, SessionState session, decimal? maxCost, decimal reservation)
    {
        if (maxCost is { } most && session.Cost + session.Reserved + reservation > most)
        {
            return TurnEnd.At(SessionLimit.Cost, FormattableString.Invariant($"The session's bound of ${most} would be passed: ${session.Cost} spent, ${reservation} needed for the next model call."));
        }

        return agent.Definition.Budget is { } budget && agent.Spent + agent.Reserved + reservation > budget
            ? TurnEnd.At(SessionLimit.Budget, FormattableString.Invariant($"The agent's budget of ${budget} would be passed: ${agent.Spent} spent, ${agent.Reserved} set aside, ${reservation} needed for the next model call."))
            : null;
    }
}
