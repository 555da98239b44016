using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace AgentOps.Engine.Permissions;

/// <summary>
/// What a call asks for more than one resource, or through delegation, is asked for each resource and each agent of the chain; the
/// strictest answer holds, with the obligations of all.
/// </summary>
internal sealed class JointDecision(PolicyIndex index, string policySetDigest)
{
    private const int MostKept = 4096;

    // Plain answers are few and made once, so what two of them come to is made once as well, and allowing allocates nothing.
    private ConcurrentDictionary<(Verdict Left, Verdict Right), Verdict> _plain = new(new SamePair());

    public Verdict Decide(AuthorizationRequest request)
    {
        var verdict = OfAll(request);
        foreach (var delegator in request.Delegators)
        {
            verdict = Meet(verdict, OfAll(request with { Agent = delegator, BindingAgent = request.Agent }), delegator);
        }

        return verdict;
    }

    /// <summary>The call's own resource and everything that it touches, for one agent.</summary>
    private Verdict OfAll(AuthorizationRequest request)
    {
        var verdict = DecisionMaker.Decide(index, request, request.Resource, policySetDigest);
        for (var i = 0; i < request.Touches.Count && verdict.Outcome != DecisionOutcome.Deny; i++)
        {
            verdict = Join(verdict, DecisionMaker.Decide(index, request, request.Touches[i], policySetDigest));
        }

        return verdict;
    }

    private Verdict Join(Verdict own, Verdict more)
    {
        if (more.Outcome == DecisionOutcome.Deny || ReferenceEquals(own, more))
        {
            return more;
        }

        if (own.Obligations.Count > 0 || more.Obligations.Count > 0)
        {
            return Put(own, more);
        }

        var known = _plain;
        if (!known.TryGetValue((own, more), out var joint))
        {
            joint = Put(own, more);
            if (known.Count >= MostKept)
            {
                _plain = new(new SamePair());
            }

            _plain.TryAdd((own, more), joint);
        }

        return joint;
    }

    private static Verdict Put(Verdict own, Verdict more)
    {
        var leading = own.Outcome == DecisionOutcome.Pending || (own.Obligations.Count > 0 && more.Outcome == DecisionOutcome.Allow) ? own : more;
        return new Verdict(
            leading.Outcome, [.. own.DecidingRules.Union(more.DecidingRules)], [.. own.Obligations.Union(more.Obligations)], leading.Reason, leading.Missing);
    }

    private static Verdict Meet(Verdict own, Verdict theirs, string delegator)
    {
        if (own.Outcome == DecisionOutcome.Deny)
        {
            return own;
        }

        string[] rules = [.. own.DecidingRules.Union(theirs.DecidingRules)];
        Obligation[] obligations = [.. own.Obligations, .. theirs.Obligations.Select(obligation => obligation with { Agent = obligation.Agent ?? delegator })];
        if (theirs.Outcome == DecisionOutcome.Deny)
        {
            return new Verdict(DecisionOutcome.Deny, theirs.DecidingRules, obligations, $"Agent '{delegator}', who delegated this, may not do it: {theirs.Reason}", theirs.Missing);
        }

        return theirs.Outcome == DecisionOutcome.Pending
            ? new Verdict(DecisionOutcome.Pending, rules, obligations, theirs.Reason, theirs.Missing)
            : own with { DecidingRules = rules, Obligations = obligations };
    }

    /// <summary>The very same two answers: each is made once, so that there is no need to look into them.</summary>
    private sealed class SamePair : IEqualityComparer<(Verdict Left, Verdict Right)>
    {
        public bool Equals((Verdict Left, Verdict Right) x, (Verdict Left, Verdict Right) y) => ReferenceEquals(x.Left, y.Left) && ReferenceEquals(x.Right, y.Right);

        public int GetHashCode((Verdict Left, Verdict Right) pair) => HashCode.Combine(RuntimeHelpers.GetHashCode(pair.Left), RuntimeHelpers.GetHashCode(pair.Right));
    }
}
