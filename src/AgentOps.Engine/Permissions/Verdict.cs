namespace AgentOps.Engine.Permissions;

/// <summary>What a decision says; made once for each permit, so that allowing allocates nothing.</summary>
internal sealed record Verdict(DecisionOutcome Outcome, IReadOnlyList<string> DecidingRules, IReadOnlyList<Obligation> Obligations, string Reason, IReadOnlyList<string> Missing)
{
    /// <summary>The permit that lies in an agent's own route.</summary>
    public static readonly Verdict OwnRoute = new(DecisionOutcome.Allow, ["agent.route"], [], "Permitted as the agent's own route.", []);

    public static readonly Verdict NoPolicy = new(DecisionOutcome.Deny, [], [], "Nothing permits it: no rules are in force.", ["a permit"]);
}
