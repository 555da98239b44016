namespace AgentOps.Engine.Permissions;

/// <summary>Reads what rules in scope say, without a call.</summary>
internal static class ReachAnalysis
{
    public static Reach Of(PolicyIndex index, AuthorizationRequest request)
    {
        var permits = new List<CompiledRule>();
        var forbids = new List<CompiledRule>();
        var requires = new List<CompiledRule>();
        var bucket = index.Find(request.Resource, out _);
        foreach (var rule in bucket?.Rules ?? [])
        {
            // A pin is not looked at here: which schema a tool shows is a matter of the call.
            if (!rule.Rule.Validity.Contains(request.Now) || rule.Subjects.Test(request.Agent, request.OnBehalfOf) is var scope && (rule.IsPermit ? scope != Truth.True : scope == Truth.False))
            {
                continue;
            }

            (rule.Rule.Effect switch { PolicyEffect.Permit => permits, PolicyEffect.Forbid => forbids, _ => requires }).Add(rule);
        }

        var isOwnRoute = bucket is not null && DecisionMaker.IsOwnRoute(bucket, request);
        var level = (permits.Count == 0 && !isOwnRoute) || forbids.Exists(IsUnconditional) ? ReachLevel.None
            : forbids.Count == 0 && requires.Count == 0 && (isOwnRoute || permits.Exists(IsUnconditional)) ? ReachLevel.Full
            : ReachLevel.Conditional;
        return new Reach(request.Agent, request.Resource, level, [.. isOwnRoute ? ["the agent's own route"] : Array.Empty<string>(), .. Words(permits)], Words(forbids), Words(requires));
    }

    private static bool IsUnconditional(CompiledRule rule) =>
        rule.Conditions.Length == 0
        && (rule.IsPermit ? rule.Arguments is null : rule.Arguments is null or { Length: 0 })
        && !rule.Rule.Resources.Any(resource => resource.SchemaDigest is not null);

    private static string[] Words(List<CompiledRule> rules) => [.. rules.Select(rule => RuleText.Describe(rule.Rule))];
}
