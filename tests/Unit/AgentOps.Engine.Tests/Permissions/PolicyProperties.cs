using System.Globalization;
using System.Text.Json;
using AgentOps.Engine.Permissions;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Engine.Tests.Permissions;

public sealed class PolicyProperties
{
    private static readonly int Cases = Environment.GetEnvironmentVariable("AGENTOPS_SOAK") == "1" ? 1_000_000 : 10_000;

    private static void Holds(int mostRules, Func<PolicyCase, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases), Prop.ForAll(PolicyCase.Arbitrary(mostRules), property));

    private static int Openness(Decision decision) => decision.Outcome switch { DecisionOutcome.Deny => 0, DecisionOutcome.Pending => 1, _ => 2 };

    private static bool Same(Decision left, Decision right) =>
        left.Outcome == right.Outcome && left.Reason == right.Reason && left.DecidingRules.SequenceEqual(right.DecidingRules) && left.Missing.SequenceEqual(right.Missing);

    private static bool AgreesWithOracle(PolicyCase one)
    {
        var decision = one.Decide();
        var (outcome, deciding) = NaiveInterpreter.DecideAll(one.Rules, one.Request, PolicyCase.Context);
        return decision.Outcome == outcome && decision.DecidingRules.Order(StringComparer.Ordinal).SequenceEqual(deciding);
    }

    [Fact]
    public void The_engine_agrees_with_the_naive_interpreter_on_few_rules() => Holds(8, AgreesWithOracle);

    [Fact]
    public void The_engine_agrees_with_the_naive_interpreter_on_many_rules() => Holds(70, AgreesWithOracle);

    // Rule 18 on planted offenders: engines that get it wrong are found out by the same comparison.
    [Theory]
    [InlineData("permits by default")]
    [InlineData("lets a permit win")]
    [InlineData("lets the first rule decide")]
    public void An_engine_that_gets_it_wrong_is_found_out(string offence)
    {
        var found = Assert.ThrowsAny<Exception>(() => Holds(8, one =>
        {
            var (outcome, forbids, requires, permits) = NaiveInterpreter.Decide(one.Rules, one.Request, PolicyCase.Context);
            string[] matching = [.. forbids, .. requires, .. permits];
            var first = one.Rules.FirstOrDefault(rule => matching.Contains(rule.QualifiedId));
            var wrong = offence switch
            {
                "permits by default" => matching.Length == 0 ? DecisionOutcome.Allow : outcome,
                "lets a permit win" => permits.Count > 0 ? DecisionOutcome.Allow : outcome,
                _ => first is null ? outcome : first.Effect == PolicyEffect.Permit ? DecisionOutcome.Allow : DecisionOutcome.Deny,
            };
            return one.Decide().Outcome == wrong;
        }));
        Assert.Contains("Falsifiable", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Order_and_repetition_make_no_difference() => Holds(12, one =>
    {
        var random = new Random(one.Rules.Count);
        var shuffled = one with { Rules = [.. one.Rules.Concat(one.Rules.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next())] };
        return Same(one.Decide(), shuffled.Decide()) && one.Compile().Digest == shuffled.Compile().Digest;
    });

    [Fact]
    public void A_permit_only_widens() => Holds(12, one =>
    {
        var more = one with { Rules = [.. one.Rules, PolicyCase.Rule(new Random(one.Rules.Count), "more", PolicyEffect.Permit)] };
        return Openness(more.Decide()) >= Openness(one.Decide());
    });

    [Fact]
    public void What_a_call_touches_besides_only_narrows() => Holds(12, one =>
    {
        var more = one with { Request = one.Request with { Touches = [.. one.Request.Touches, "data:hr/pay"] } };
        var alone = one with { Request = one.Request with { Resource = "data:hr/pay", SchemaDigest = null, Touches = [] } };
        return Openness(more.Decide()) == Math.Min(Openness(one.Decide()), Openness(alone.Decide()));
    });

    [Fact]
    public void A_forbid_and_a_require_only_narrow() => Holds(12, one =>
    {
        var random = new Random(one.Rules.Count);
        var forbid = one with { Rules = [.. one.Rules, PolicyCase.Rule(random, "more", PolicyEffect.Forbid)] };
        var require = one with { Rules = [.. one.Rules, PolicyCase.Rule(random, "more", PolicyEffect.Require)] };
        return Openness(forbid.Decide()) <= Openness(one.Decide()) && Openness(require.Decide()) <= Openness(one.Decide());
    });

    [Fact]
    public void An_expired_rule_is_as_if_absent() => Holds(12, one =>
    {
        var random = new Random(one.Rules.Count);
        var over = new RuleValidity(null, one.Request.Now);
        var ahead = new RuleValidity(one.Request.Now.AddTicks(1), null);
        var more = one with
        {
            Rules = [.. one.Rules, PolicyCase.Rule(random, "over", PolicyEffect.Forbid) with { Validity = over },
                PolicyCase.Rule(random, "ahead", PolicyEffect.Permit) with { Validity = ahead }],
        };
        return more.Decide().Outcome == one.Decide().Outcome;
    });

    [Fact]
    public void Rules_that_cannot_match_change_nothing_though_they_bring_the_index_in() => Holds(8, one =>
    {
        // Up to eight rules are scanned; with these the same rules are found through the index.
        var never = Enumerable.Range(0, 40).Select(i => new PolicyRule
        {
            Id = "never" + i,
            Effect = PolicyEffect.Permit,
            Resources = [ResourcePattern.Parse("tool:T-One"), ResourcePattern.Parse("tool:T-Two"), ResourcePattern.Parse("tool:Send-One"), ResourcePattern.Parse("tool:Send-Two")],
            Subjects = new RuleSubjects(["anna", "bert", "cleo", "dora"], []),
            Arguments = new Dictionary<string, ArgumentConstraint> { ["X"] = new StringConstraint { In = ["never" + i] }, ["Y"] = new IntegerConstraint { Min = 100 + i } },
        });
        var indexed = (one with { Rules = [.. one.Rules, .. never] }).Decide();
        var scanned = one.Decide();
        return indexed.Outcome == scanned.Outcome && indexed.DecidingRules.SequenceEqual(scanned.DecidingRules);
    });

    [Fact]
    public void The_canonical_json_keeps_the_meaning() => Holds(12, one =>
    {
        var read = one with
        {
            Rules = [.. one.Rules.Select(rule =>
            {
                using var document = JsonDocument.Parse(rule.ToJson().ToJsonString());
                return PolicyRule.FromJson(document.RootElement);
            })],
        };
        return read.Compile().Digest == one.Compile().Digest && Same(read.Decide(), one.Decide());
    });

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void The_culture_makes_no_difference(string culture) => Holds(12, one =>
    {
        var before = CultureInfo.CurrentCulture;
        var expected = one.Decide();
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            return Same(expected, one.Decide()) && expected.PolicySetDigest == one.Compile().Digest;
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    });

    [Fact]
    public void Asking_is_pure_and_explaining_agrees() => Holds(12, one =>
    {
        var set = one.Compile();
        var first = set.Decide(one.Request);
        var explanation = first.Explain();
        return Same(first, set.Decide(one.Request)) && explanation.Outcome == first.Outcome
            && (first.Outcome != DecisionOutcome.Deny || one.Request.Touches.Count > 0 || one.Request.ConfiguredRoute is not null || explanation.Rules.Any(rule => rule.Effect != PolicyEffect.Permit && rule.State != RuleState.Unmatched)
                || !explanation.Rules.Any(rule => rule.Effect == PolicyEffect.Permit && rule.State == RuleState.Matched));
    });
}
