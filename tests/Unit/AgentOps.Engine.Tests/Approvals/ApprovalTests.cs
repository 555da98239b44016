using System.Text.Json;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tests.Approvals;

public sealed class ApprovalTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly PolicyGroup Leads = new("leads", ["dave", "erin", "carol"]);

    private static readonly GroupDirectory Groups = new([Leads]);

    private static PolicyRule Permit { get; } = new() { Id = "p", Effect = PolicyEffect.Permit, Resources = [ResourcePattern.Parse("tool:Pay")], Subjects = RuleSubjects.Agent("clerk") };

    private static PolicyRule Require(int quorum = 2) => new()
    {
        Id = "r",
        Effect = PolicyEffect.Require,
        Resources = [ResourcePattern.Parse("tool:Pay")],
        Obligations = [new ApprovalObligation { Quorum = quorum, From = "leads", Timeout = TimeSpan.FromMinutes(15) }],
    };

    private static PolicySet Set { get; } = PolicySet.Compile([Permit, Require()], new PolicyContext { Groups = [Leads] });

    private static AuthorizationRequest Call { get; } = new()
    {
        Agent = "clerk",
        OnBehalfOf = "os:carol",
        Resource = "tool:Pay",
        SchemaDigest = "sha256:" + new string('a', 64),
        Session = "s1",
        Arguments = new BoundArguments([new("Amount", ArgumentValue.From(100m)), new("Payee", ArgumentValue.From("acme"))]),
        Now = Now,
    };

    private static ApprovalState Apply(ApprovalState state, NewEvent? change)
    {
        Assert.NotNull(change);
        Assert.True(ApprovalEvents.Knows(change.Type, change.Version));
        using var document = JsonDocument.Parse(change.Data.ToJsonString());
        var next = state.Apply(change.Type, document.RootElement);
        using var snapshot = JsonDocument.Parse(next.ToJson().ToJsonString());
        var read = ApprovalState.FromJson(snapshot.RootElement);
        Assert.Equal(next.ToJson().ToJsonString(), read.ToJson().ToJsonString());
        return read;
    }

    private static ApprovalState Open() => Apply(ApprovalState.Empty, ApprovalState.Open("a1", Call, Set.Decide(Call), "os:runner", Now));

    private static ApprovalState Vote(ApprovalState state, string person, bool approves = true, DateTimeOffset? now = null)
    {
        Assert.True(state.TryVote("a1", person, approves, null, Groups, now ?? Now, out var voted, out var refusal), refusal);
        return Apply(state, voted);
    }

    private static ApprovalState Approved() => Vote(Vote(Open(), "os:dave"), "os:erin");

    [Fact]
    public void Two_persons_approve_and_the_runner_goes_on_once()
    {
        var state = Open();
        Assert.Equal(ApprovalStatus.Pending, state.Find("a1")!.StatusAt(Now));
        state = Approved();
        Assert.Equal(ApprovalStatus.Approved, state.Find("a1")!.StatusAt(Now));
        Assert.Equal(DecisionOutcome.Pending, Set.Decide(Call).Outcome);
        Assert.True(state.TryConsume("a1", Call, Set.Digest, Now, out var change, out var receipt, out _));
        Assert.True(Set.Decide(Call with { Approval = receipt }).IsAllowed);
        state = Apply(state, change);
        Assert.False(state.TryConsume("a1", Call, Set.Digest, Now, out _, out _, out var refusal));
        Assert.Equal("The request for approval is used already.", refusal);
    }

    [Theory]
    [InlineData("os:carol", "the requester")]
    [InlineData("os:runner", "the requester")]
    [InlineData("os:CAROL", "the requester")]
    [InlineData("database:carol", "the requester")]
    [InlineData("os:mallory", "the requester, or not of the group")]
    public void Who_does_not_count_does_not_vote(string person, string because)
    {
        Assert.False(Open().TryVote("a1", person, true, null, Groups, Now, out _, out var refusal));
        Assert.Contains(because, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("os:dave")]
    [InlineData("os:DAVE")]
    [InlineData("key:dave")]
    public void One_person_is_one_vote(string again)
    {
        Assert.False(Vote(Open(), "os:dave").TryVote("a1", again, true, null, Groups, Now, out _, out var refusal));
        Assert.Contains("answered already", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void One_denial_ends_it()
    {
        var state = Vote(Vote(Open(), "os:dave"), "os:erin", approves: false);
        Assert.Equal(ApprovalStatus.Denied, state.Find("a1")!.StatusAt(Now));
        Assert.False(state.TryConsume("a1", Call, Set.Digest, Now, out _, out _, out _));
    }

    [Fact]
    public void Time_over_is_a_denial_before_and_after_the_last_vote()
    {
        var over = Now.AddMinutes(15);
        Assert.Equal(ApprovalStatus.Approved, Approved().Find("a1")!.StatusAt(over.AddTicks(-1)));
        Assert.Equal(ApprovalStatus.Expired, Approved().Find("a1")!.StatusAt(over));
        Assert.False(Approved().TryConsume("a1", Call, Set.Digest, over, out _, out _, out _));
        Assert.False(Open().TryVote("a1", "os:dave", true, null, Groups, over, out _, out _));
        Assert.True(Approved().TryConsume("a1", Call, Set.Digest, Now, out _, out var receipt, out _));
        Assert.Equal(DecisionOutcome.Pending, Set.Decide(Call with { Approval = receipt, Now = over }).Outcome);
    }

    public static TheoryData<string> Changes { get; } = ["amount", "payee", "type", "argument", "agent", "person", "tool", "schema", "session", "policy", "groups"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Any_change_after_approval_burns_it(string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(what);
        static BoundArguments Arguments(params KeyValuePair<string, ArgumentValue>[] pairs) => new(pairs);
        var changed = what switch
        {
            "amount" => Call with { Arguments = Arguments(new("Amount", ArgumentValue.From(100.01m)), new("Payee", ArgumentValue.From("acme"))) },
            "payee" => Call with { Arguments = Arguments(new("Amount", ArgumentValue.From(100m)), new("Payee", ArgumentValue.From("evil"))) },
            "type" => Call with { Arguments = Arguments(new("Amount", ArgumentValue.From("100")), new("Payee", ArgumentValue.From("acme"))) },
            "argument" => Call with { Arguments = Arguments(new("Amount", ArgumentValue.From(100m)), new("Payee", ArgumentValue.From("acme")), new("Force", ArgumentValue.From(true))) },
            "agent" => Call with { Agent = "other" },
            "person" => Call with { OnBehalfOf = "os:mallory" },
            "tool" => Call with { Resource = "tool:Pay2" },
            "schema" => Call with { SchemaDigest = "sha256:" + new string('b', 64) },
            "session" => Call with { Session = "s2" },
            _ => Call,
        };
        var set = what switch
        {
            "policy" => PolicySet.Compile([Permit, Require(1)], new PolicyContext { Groups = [Leads] }),
            "groups" => PolicySet.Compile([Permit, Require()], new PolicyContext { Groups = [Leads with { Members = ["dave", "erin", "mallory"] }] }),
            _ => Set,
        };
        var state = Approved();
        Assert.False(state.TryConsume("a1", changed, set.Digest, Now, out var change, out _, out _));
        Assert.Equal(ApprovalEvents.Burned, change?.Type);
        Assert.False(Apply(state, change).TryConsume("a1", Call, Set.Digest, Now, out _, out _, out _));
        Assert.True(state.TryConsume("a1", Call, Set.Digest, Now, out _, out var receipt, out _));
        Assert.False(set.Decide(changed with { Approval = receipt }).IsAllowed);
    }

    [Fact]
    public void A_receipt_does_not_cover_a_demand_that_was_not_asked_about()
    {
        Assert.True(Approved().TryConsume("a1", Call, Set.Digest, Now, out _, out var receipt, out _));
        var more = PolicySet.Compile([Permit, Require(), Require(1) with { Id = "more" }], new PolicyContext { Groups = [Leads] });
        Assert.Equal(DecisionOutcome.Pending, more.Decide(Call with { Approval = receipt }).Outcome);
    }

    [Fact]
    public void Every_rule_has_its_own_quorum()
    {
        var set = PolicySet.Compile([Permit, Require(1), Require(1) with { Id = "q", Obligations = [new ApprovalObligation { From = "auditors" }] }],
            new PolicyContext { Groups = [Leads, new PolicyGroup("auditors", ["zoe"])] });
        var groups = new GroupDirectory([Leads, new PolicyGroup("auditors", ["zoe"])]);
        var state = Apply(ApprovalState.Empty, ApprovalState.Open("a1", Call, set.Decide(Call), "os:runner", Now));
        Assert.True(state.TryVote("a1", "os:dave", true, null, groups, Now, out var voted, out _));
        state = Apply(state, voted);
        Assert.Equal(ApprovalStatus.Pending, state.Find("a1")!.StatusAt(Now));
        Assert.True(state.TryVote("a1", "os:zoe", true, null, groups, Now, out voted, out _));
        Assert.Equal(ApprovalStatus.Approved, Apply(state, voted).Find("a1")!.StatusAt(Now));
    }

    [Fact]
    public void Through_delegation_the_delegator_s_rule_is_approved_too_and_the_chain_is_bound()
    {
        var set = PolicySet.Compile(
            [Permit with { Subjects = new RuleSubjects(["clerk", "boss"], []) }, Require() with { Subjects = RuleSubjects.Agent("boss") }], new PolicyContext { Groups = [Leads] });
        Assert.True(set.Decide(Call).IsAllowed);
        var call = Call with { Delegators = ["boss"] };
        var decision = set.Decide(call);
        Assert.Equal(DecisionOutcome.Pending, decision.Outcome);
        var state = Apply(ApprovalState.Empty, ApprovalState.Open("a1", call, decision, "os:runner", Now));
        Assert.Equal("a1", state.FindFor(call, set.Digest)?.Id);
        Assert.Null(state.FindFor(Call, set.Digest));
        state = Vote(Vote(state, "os:dave"), "os:erin");
        Assert.True(state.TryConsume("a1", call, set.Digest, Now, out _, out var receipt, out _));
        Assert.True(set.Decide(call with { Approval = receipt }).IsAllowed);
        Assert.False(set.Decide(call with { Approval = receipt, Delegators = ["boss", "clerk"] }).IsAllowed);
        Assert.False(state.TryConsume("a1", Call, set.Digest, Now, out _, out _, out _));
    }

    [Fact]
    public void Two_requests_for_the_same_call_do_not_share_an_approval()
    {
        var second = Apply(Approved(), ApprovalState.Open("a2", Call, Set.Decide(Call), "os:runner", Now));
        Assert.NotEqual(second.Find("a1")!.Binding.Digest, second.Find("a2")!.Binding.Digest);
        Assert.False(second.TryConsume("a2", Call, Set.Digest, Now, out _, out _, out _));
    }
}
