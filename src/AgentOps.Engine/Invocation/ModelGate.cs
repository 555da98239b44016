using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// The one seam that every model call of a session passes: within its bounds and budgets, allowed by the rules, its limits reserved. It runs
/// on a state that is current, in the critical section in which the call's intent is appended.
/// </summary>
internal sealed class ModelGate(PolicyCache policies, HostIsolation isolation)
{
    /// <summary>Decides one model call, and sets aside what it takes.</summary>
    /// <param name="state">The state.</param>
    /// <param name="session">The session that calls.</param>
    /// <param name="route">The route.</param>
    /// <param name="cost">What the call can cost at most, in USD.</param>
    /// <param name="reservation">The id under which limits are reserved.</param>
    /// <param name="lease">How long the reservation stands where nobody settles it.</param>
    /// <param name="now">The transaction's time.</param>
    /// <param name="isPlan">Whether only a plan was asked for.</param>
    public ModelPermission Decide(
        WorkspaceState state, SessionState session, string route, decimal cost, string reservation, TimeSpan lease, DateTimeOffset now, bool isPlan = false)
    {
        if (SpendGuard.Broken(state, session, Budget.OfSession(state, session.MaxCost), cost) is { } bound)
        {
            return ModelPermission.Refused(bound);
        }

        // A limit that is used up is no refusal of the rules; it is found out when it is reserved, and ends the session as a limit.
        var request = new CallQuestion(state, session, isolation, isPlan, now).AboutRoute(route, cost) with { Limits = null };
        var decision = policies.For(state).Decide(request);
        if (!decision.IsAllowed)
        {
            return ModelPermission.Refused(new TurnEnd(SessionStatus.Refused, $"The route '{route}' may not be used. {decision.Reason}"));
        }

        LimitDemand[] taken = [.. LimitDemand.Of(decision.Obligations, request), .. Budget.Demands(state, session.Agent, session.Task, cost)];
        if (taken.Length == 0)
        {
            return new ModelPermission(null, [], false, decision);
        }

        // A model call that nobody settled may have been made: it stays spent.
        NewEvent[] settled = [.. state.Limits.Reconcile(now, _ => true)];
        return state.Limits.TryReserve(reservation, taken, now, lease, out var reserved, out _, out var why)
            ? new ModelPermission(null, [.. settled, reserved], true, decision)
            : ModelPermission.Refused(TurnEnd.At(SessionLimit.Rule, why), settled);
    }
}
