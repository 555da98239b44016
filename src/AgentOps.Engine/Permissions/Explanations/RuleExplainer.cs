namespace AgentOps.Engine.Permissions;

/// <summary>Says of each clause of a rule what became of it, without giving the rule's values away.</summary>
internal static class RuleExplainer
{
    public static IReadOnlyList<RuleExplanation> Explain(PolicyIndex index, AuthorizationRequest request)
    {
        return [.. request.Touches.Prepend(request.Resource).Distinct(StringComparer.Ordinal).SelectMany(resource => index.Find(resource, out _) is { } bucket
            ? bucket.Rules.Select(rule => new RuleExplanation(
                rule.Id, rule.Rule.Effect, rule.Rule.Source.Place, State(rule.Evaluate(request, bucket.Kind, bucket.Name)), [.. Clauses(rule, request, bucket)]))
            : [])];
    }

    public static IEnumerable<ClauseExplanation> Clauses(CompiledRule rule, AuthorizationRequest request, RuleBucket bucket)
    {
        yield return Clause("validity", rule.Rule.Validity.Contains(request.Now) ? Truth.True : Truth.False, "is over or has not begun");
        yield return Clause("subject", Guard(() => rule.Subjects.Test(request.Agent, request.OnBehalfOf)), "is not one of those named");
        if (rule.Rule.Resources.Any(resource => resource.SchemaDigest is not null))
        {
            yield return Clause("schema pin", rule.Pin(request, bucket.Kind, bucket.Name), "differs from the schema that was granted");
        }

        foreach (var clause in Arguments(rule, request.Arguments))
        {
            yield return clause;
        }

        foreach (var condition in rule.Conditions)
        {
            yield return Clause(condition.Name, Guard(() => condition.Test(request)), condition.Refusal);
        }
    }

    private static IEnumerable<ClauseExplanation> Arguments(CompiledRule rule, BoundArguments arguments)
    {
        if (rule.Arguments is not { } tested)
        {
            yield break;
        }

        var isPermit = rule.Rule.Effect == PolicyEffect.Permit;
        foreach (var argument in tested)
        {
            var label = $"argument {argument.Name}";
            if (!arguments.TryGet(argument.Name, out var value))
            {
                yield return new ClauseExplanation(label,
                    argument.IsOptional ? isPermit ? RuleState.Matched : RuleState.Unmatched : isPermit ? RuleState.Unmatched : RuleState.Error,
                    argument.IsOptional ? "may be left out" : "is missing");
            }
            else if (!argument.Matcher.Accepts(value.Kind))
            {
                yield return new ClauseExplanation(label, RuleState.Error, "is of another type than the rule tests");
            }
            else
            {
                yield return Clause(label, Guard(() => argument.Matcher.Test(value)), argument.Matcher.Refusal);
            }
        }

        if (!isPermit)
        {
            yield break;
        }

        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments.Names[i];
            if (!Array.Exists(tested, argument => string.Equals(argument.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                yield return new ClauseExplanation($"argument {name}", RuleState.Unmatched, "is not permitted");
            }
        }
    }

    private static ClauseExplanation Clause(string label, Truth truth, string refusal) =>
        new(label, State(truth), truth switch { Truth.True => "holds", Truth.False => refusal, _ => "could not be told" });

    private static Truth Guard(Func<Truth> test)
    {
        try
        {
            return test();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Truth.Error;
        }
    }

    private static RuleState State(Truth truth) => truth switch { Truth.True => RuleState.Matched, Truth.False => RuleState.Unmatched, _ => RuleState.Error };
}
