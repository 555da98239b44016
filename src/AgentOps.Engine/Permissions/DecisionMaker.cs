using AgentOps.Engine.Approvals;

namespace AgentOps.Engine.Permissions;

/// <summary>Puts what the rules say together into one answer.</summary>
internal static class DecisionMaker
{
    private const int MostHeard = 16;

    /// <summary>Decides on one of the resources that a call uses.</summary>
    public static Verdict Decide(PolicyIndex index, AuthorizationRequest request, string resource, string policySetDigest)
    {
        if (index.Find(resource, out var problem) is not { } bucket)
        {
            return Deny([], $"The resource has no proper name: {problem}.", ["a proper resource name"]);
        }

        return bucket.FindPlainPermit(request)?.Allow ?? DecideInFull(bucket, request, policySetDigest);
    }

    /// <summary>The way of every answer that is no plain Allow: every rule that has something to say.</summary>
    private static Verdict DecideInFull(RuleBucket bucket, AuthorizationRequest request, string policySetDigest)
    {
        var forbids = new List<(CompiledRule Rule, Truth Truth)>();
        var requires = new List<CompiledRule>();
        CompiledRule? permit = null;
        foreach (var (rule, truth) in bucket.FindSpeaking(request))
        {
            if (rule.Rule.Effect == PolicyEffect.Permit)
            {
                permit ??= truth == Truth.True ? rule : null;
            }
            else if (rule.Rule.Effect == PolicyEffect.Forbid || truth == Truth.Error)
            {
                forbids.Add((rule, truth));
            }
            else
            {
                requires.Add(rule);
            }
        }

        if (forbids.Count > 0)
        {
            return Forbidden(forbids, request, bucket);
        }

        var allow = permit?.Allow ?? (IsOwnRoute(bucket, request) ? Verdict.OwnRoute : null);
        if (allow is null)
        {
            return NotPermitted(bucket, request);
        }

        return requires.Count == 0 ? allow : Required(allow, requires, request, policySetDigest);
    }

    /// <summary>Whether it is the route that the agent was given.</summary>
    public static bool IsOwnRoute(RuleBucket bucket, AuthorizationRequest request) =>
        bucket.Kind == ResourceKind.Route && string.Equals(bucket.Name, request.ConfiguredRoute, StringComparison.OrdinalIgnoreCase);

    private static Verdict Deny(IReadOnlyList<string> rules, string reason, IReadOnlyList<string> missing) =>
        new(DecisionOutcome.Deny, rules, [], reason, missing);

    private static Verdict Forbidden(List<(CompiledRule Rule, Truth Truth)> forbids, AuthorizationRequest request, RuleBucket bucket)
    {
        string[] ids = [.. forbids.Select(forbid => forbid.Rule.Id)];
        if (forbids.Find(forbid => forbid.Truth == Truth.True).Rule is { } matched)
        {
            return Deny(ids, $"Forbidden by rule '{matched.Id}'.", []);
        }

        var first = forbids[0].Rule;
        var missing = RuleExplainer.Clauses(first, request, bucket).Where(clause => clause.State == RuleState.Error).Select(clause => $"{clause.Clause}: {clause.Text}").ToArray();
        return Deny(ids, $"Rule '{first.Id}' could not be checked, which denies: {Join(missing)}.", missing);
    }

    private static Verdict NotPermitted(RuleBucket bucket, AuthorizationRequest request)
    {
        // The permit that comes nearest tells best what is wrong; only those for this very agent may speak, and not
        // all of a thousand: a refusal is no way to keep the host busy.
        CompiledRule? nearest = null;
        var heard = 0;
        string[] missing = [];
        foreach (var rule in bucket.Rules)
        {
            if (rule.Rule.Effect != PolicyEffect.Permit || !rule.Subjects.IsAgent(request.Agent))
            {
                continue;
            }

            if (++heard > MostHeard)
            {
                break;
            }

            var failed = RuleExplainer.Clauses(rule, request, bucket).Where(clause => clause.State != RuleState.Matched).Select(clause => $"{clause.Clause} {clause.Text}").ToArray();
            if (nearest is null || failed.Length < missing.Length)
            {
                (nearest, missing) = (rule, failed);
            }
        }

        var what = $"{ResourceName.Word(bucket.Kind)} '{bucket.Name}'";
        return nearest is null
            ? Deny([], $"Nothing permits agent '{request.Agent}' to use {what}.", [$"a permit for {what}"])
            : Deny([], $"Not permitted as called: {Join(missing)}.", missing);
    }

    private static Verdict Required(Verdict allow, List<CompiledRule> requires, AuthorizationRequest request, string policySetDigest)
    {
        string[] ids = [.. allow.DecidingRules, .. requires.Select(rule => rule.Id)];
        Obligation[] obligations = [.. requires.SelectMany(rule => rule.Obligations)];
        var unmet = obligations.Select(obligation => Unmet(obligation, request)).OfType<string>().Distinct().ToArray();
        if (unmet.Length == 0 && request.Limits?.FirstExceeded(LimitDemand.Of(obligations, request), request.Now) is { } exceeded)
        {
            unmet = [$"the limit of {exceeded.Label} is used up"];
        }

        if (unmet.Length > 0)
        {
            return new Verdict(DecisionOutcome.Deny, ids, obligations, $"A requirement is not met: {Join(unmet)}.", unmet);
        }

        return !IsApproved(obligations, request, policySetDigest)
            ? new Verdict(DecisionOutcome.Pending, ids, obligations, "A person must approve this call first.", ["an approval"])
            : new Verdict(DecisionOutcome.Allow, ids, obligations, $"{allow.Reason.TrimEnd('.')}, with obligations.", []);
    }

    /// <summary>Every demand for approval is covered by a receipt for this very call under this very set.</summary>
    private static bool IsApproved(Obligation[] obligations, AuthorizationRequest request, string policySetDigest)
    {
        ApprovalNeed[] needs = [.. obligations.OfType<ApprovalObligation>().Select(ApprovalState.Need)];
        return needs.Length == 0 || (request.Approval?.Request is { } approved
            && request.Now < approved.Binding.Expires
            && Array.TrueForAll(needs, approved.Needs.Contains)
            && approved.Binding.Holds(request, policySetDigest));
    }

    private static string? Unmet(Obligation obligation, AuthorizationRequest request)
    {
        switch (obligation)
        {
            case CompensateObligation compensate:
                return string.Equals(compensate.Tool, request.CompensationTool, StringComparison.OrdinalIgnoreCase) ? null : "the call must be one that can be undone";
            case DryRunObligation dryRun:
                return HasDryRun(dryRun, request) ? null : "the same call must be run dry first";
            case LimitObligation { Measure: LimitMeasure.Argument } limit:
                return request.Arguments[limit.Argument!].AsDecimal() is >= 0 ? null : $"argument {limit.Argument} must be a number of at least 0, for it counts towards a limit";
            default:
                return null;
        }
    }

    private static bool HasDryRun(DryRunObligation dryRun, AuthorizationRequest request)
    {
        try
        {
            var tool = request.Resource[(request.Resource.IndexOf(':', StringComparison.Ordinal) + 1)..];
            return request.History?.Count(new HistoryQuery(request, tool, "dryRun", dryRun.Within)) > 0;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return false;
        }
    }

    private static string Join(string[] items) => items.Length == 0 ? "no detail is known" : string.Join("; ", items);
}
