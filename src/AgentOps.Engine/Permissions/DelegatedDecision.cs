namespace AgentOps.Engine.Permissions;

/// <summary>What is asked through delegation is asked for each agent of the chain; the strictest answer holds.</summary>
internal static class DelegatedDecision
{
    public static Verdict Decide(PolicyIndex index, AuthorizationRequest request, string policySetDigest)
    {
        var verdict = DecisionMaker.Decide(index, request, policySetDigest);
        foreach (var delegator in request.Delegators)
        {
            var theirs = DecisionMaker.Decide(index, request with { Agent = delegator, BindingAgent = request.Agent }, policySetDigest);
            verdict = Meet(verdict, theirs, delegator);
        }

        return verdict;
    }

    private static Verdict Meet(Verdict own, Verdict theirs, string delegator)
    {
        string[] rules = [.. own.DecidingRules, .. theirs.DecidingRules.Except(own.DecidingRules)];
        Obligation[] obligations = [.. own.Obligations, .. theirs.Obligations.Select(obligation => obligation with { Agent = obligation.Agent ?? delegator })];
        if (own.Outcome == DecisionOutcome.Deny)
        {
            return own;
        }

        if (theirs.Outcome == DecisionOutcome.Deny)
        {
            return new Verdict(DecisionOutcome.Deny, theirs.DecidingRules, obligations, $"Agent '{delegator}', who delegated this, may not do it: {theirs.Reason}", theirs.Missing);
        }

        return theirs.Outcome == DecisionOutcome.Pending
            ? new Verdict(DecisionOutcome.Pending, rules, obligations, theirs.Reason, theirs.Missing)
            : own with { DecidingRules = rules, Obligations = obligations };
    }
}
