using AgentOps.Engine.Permissions;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Engine.Tests.Permissions;

public sealed class ReachAndDelegationTests
{
    private static readonly int Cases = Environment.GetEnvironmentVariable("AGENTOPS_SOAK") == "1" ? 1_000_000 : 10_000;

    private static void Holds(Func<PolicyCase, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases), Prop.ForAll(PolicyCase.Arbitrary(8), property));

    [Fact]
    public void Reach_never_says_none_of_what_is_allowed_nor_full_of_what_is_not() => Holds(one =>
    {
        var set = one.Compile();
        var outcome = set.Decide(one.Request with { Touches = [] }).Outcome;
        var reach = set.WhatCanReach(one.Request.Agent, one.Request.OnBehalfOf, [one.Request.Resource], one.Request.Now, one.Request.ConfiguredRoute)[0];
        return reach.Level switch
        {
            ReachLevel.None => outcome == DecisionOutcome.Deny,
            ReachLevel.Full => outcome == DecisionOutcome.Allow,
            _ => reach.Permits.Count > 0,
        };
    });

    [Fact]
    public void Who_may_call_agrees_with_what_each_can_reach() => Holds(one =>
    {
        var set = one.Compile();
        var who = set.WhoMayCall(one.Request.Resource, ["anna", "bert", "cleo", "dora"], one.Request.OnBehalfOf, one.Request.Now, _ => one.Request.ConfiguredRoute);
        return who.All(reach => reach.Permits.Count > 0) && set.Decide(one.Request) is var decision
            && (decision.Outcome == DecisionOutcome.Deny || who.Any(reach => string.Equals(reach.Agent, one.Request.Agent, StringComparison.OrdinalIgnoreCase)));
    });

    [Fact]
    public void A_delegate_may_do_what_every_agent_of_the_chain_may() => Holds(one =>
    {
        static int Openness(Decision decision) => decision.Outcome switch { DecisionOutcome.Deny => 0, DecisionOutcome.Pending => 1, _ => 2 };
        var set = one.Compile();
        var chain = set.Decide(one.Request with { Delegators = ["cleo", "bert"] });
        var least = new[] { one.Request.Agent, "cleo", "bert" }.Min(agent => Openness(set.Decide(one.Request with { Agent = agent })));
        return Openness(chain) == least;
    });

    [Fact]
    public void A_delegator_s_limit_counts_too()
    {
        PolicyRule[] rules =
        [
            new() { Id = "p", Effect = PolicyEffect.Permit, Resources = [ResourcePattern.Parse("tool:T")], Subjects = new RuleSubjects(["boss", "help"], []) },
            new()
            {
                Id = "l", Effect = PolicyEffect.Require, Resources = [ResourcePattern.Parse("tool:T")], Subjects = RuleSubjects.Agent("boss"),
                Obligations = [new LimitObligation { Key = LimitKey.Agent, Measure = LimitMeasure.Calls, Max = 1 }],
            },
        ];
        var set = PolicySet.Compile(rules, PolicyContext.Default);
        var request = new AuthorizationRequest { Agent = "help", Delegators = ["boss"], Resource = "tool:T", Now = DateTimeOffset.UnixEpoch };
        var demand = Assert.Single(LimitDemand.Of(set.Decide(request).Obligations, request));
        Assert.Equal("rule:l|calls|ever|agent:boss", demand.Key);
        Assert.Empty(LimitDemand.Of(set.Decide(request with { Delegators = [] }).Obligations, request));
    }

    [Fact]
    public void A_rule_is_said_in_words()
    {
        var rule = new PolicyRule
        {
            Id = "pay",
            Effect = PolicyEffect.Permit,
            Resources = [ResourcePattern.Parse("tool:Pay")],
            Subjects = RuleSubjects.Agent("clerk"),
            Source = new RuleSource("ap", null),
            Arguments = new Dictionary<string, ArgumentConstraint>
            {
                ["Payee"] = new StringConstraint { In = ["acme", "globex"] },
                ["Amount"] = new DecimalConstraint { Min = 0.01m, Max = 500.00m },
            },
        };
        Assert.Equal("ap/pay: Amount from 0.01 to 500; Payee one of acme, globex", RuleText.Describe(rule));
        var set = PolicySet.Compile([rule], PolicyContext.Default);
        Assert.Equal(ReachLevel.Conditional, set.WhatCanReach("clerk", null, ["tool:pay"], DateTimeOffset.UnixEpoch)[0].Level);
        Assert.Equal(["clerk"], set.WhoMayCall("tool:Pay", ["clerk", "other"], null, DateTimeOffset.UnixEpoch).Select(reach => reach.Agent));
    }
}
