using System.Text.Json;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tests.Permissions;

public sealed class PolicySetTests
{
    private const string Clerk = """
        apiVersion: agentops/v1
        kind: AgentPolicy
        name: ap-clerk
        subjects: {agents: [ap-clerk], onBehalfOf: [group:finance]}
        validity: {notBefore: 2026-10-01T00:00:00Z, notAfter: 2026-12-31T00:00:00Z}
        rules:
        - id: pay
          effect: permit
          resources: ['tool:Send-Payment@sha256:ab12ab12ab12ab12']
          args:
            Payee:     {type: string, in: [acme, globex]}
            Amount:    {type: decimal, min: "0.01", max: "500.00"}
            InvoiceId: {type: string, pattern: 'INV-[0-9]{6}'}
          when:
          - {fact: session.taint, noneOf: [untrusted]}
          - {history: {tool: Get-Invoice, outcome: ok, within: PT1H, same: {InvoiceId: args.InvoiceId}}}
        - id: pay-controls
          effect: require
          resources: ['tool:Send-*']
          obligations:
          - approval: {quorum: 2, from: finance-leads, notRequester: true, timeout: PT15M}
          - limit: {key: agent, sum: args.Amount, max: "2000.00", window: P1D}
          - compensate: {tool: Undo-Payment, within: PT24H}
        - id: no-exfil
          effect: forbid
          resources: ['tool:Send-*', 'net:*.example.org', 'route:frontier', 'data:hr/**', 'agent:*']
          when: [{fact: session.maxDataClass, gte: secret}]
        ---
        apiVersion: agentops/v1
        kind: Group
        name: finance
        members: [carol]
        ---
        apiVersion: agentops/v1
        kind: Group
        name: finance-leads
        members: [dave, erin]
        """;

    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private static (PolicySet Set, IReadOnlyList<PolicyRule> Rules) Load(string yaml)
    {
        var documents = new YamlDocumentReader([new AgentPolicyParser(), new PolicyGroupParser()]).Read(yaml, "policy.yaml");
        var rules = documents.Select(document => document.Value).OfType<AgentPolicy>().SelectMany(policy => policy.Rules).ToList();
        return (PolicySet.Compile(rules, new PolicyContext { Groups = [.. documents.Select(document => document.Value).OfType<PolicyGroup>()] }), rules);
    }

    private static AuthorizationRequest Pay(string amount = "100.00", string payee = "acme") => new()
    {
        Agent = "AP-Clerk",
        OnBehalfOf = "carol",
        Resource = "tool:send-payment",
        SchemaDigest = "sha256:ab12ab12ab12ab12" + new string('0', 48),
        Arguments = new BoundArguments(
        [
            new("Payee", ArgumentValue.From(payee)), new("Amount", ArgumentValue.From(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture))),
            new("InvoiceId", ArgumentValue.From("INV-000123")),
        ]),
        Facts = new FactSnapshot([new("session.taint", ArgumentValue.FromArray([])), new("session.maxDataClass", ArgumentValue.From("internal"))]),
        History = new FixedHistory(1),
        CompensationTool = "Undo-Payment",
        Now = Now,
    };

    [Fact]
    public void The_design_example_asks_for_approval_and_carries_its_obligations()
    {
        var (set, _) = Load(Clerk);
        var decision = set.Decide(Pay());
        Assert.Equal(DecisionOutcome.Pending, decision.Outcome);
        Assert.Equal(["ap-clerk/pay", "ap-clerk/pay-controls"], decision.DecidingRules);
        Assert.Equal(3, decision.Obligations.Count);
        Assert.All(decision.Obligations, obligation => Assert.Equal("ap-clerk/pay-controls", obligation.RuleId));
    }

    [Theory]
    [InlineData("500.01", "acme", "argument Amount is outside the permitted range")]
    [InlineData("5", "initech", "argument Payee is not one of the permitted values")]
    public void A_refusal_says_what_was_wrong_and_not_the_bound(string amount, string payee, string expected)
    {
        var (set, _) = Load(Clerk);
        var decision = set.Decide(Pay(amount, payee));
        Assert.False(decision.IsAllowed);
        Assert.Contains(expected, decision.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("globex", decision.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("500.00", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forbid_wins_and_a_missing_fact_in_it_denies()
    {
        var (set, _) = Load(Clerk);
        var secret = Pay() with { Facts = new FactSnapshot([new("session.taint", ArgumentValue.FromArray([])), new("session.maxDataClass", ArgumentValue.From("secret"))]) };
        Assert.Equal("Forbidden by rule 'ap-clerk/no-exfil'.", set.Decide(secret).Reason);
        var unknown = Pay() with { Facts = new FactSnapshot([new("session.taint", ArgumentValue.FromArray([]))]) };
        Assert.Contains("could not be checked", set.Decide(unknown).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_survive_their_canonical_json()
    {
        var (_, rules) = Load(Clerk);
        foreach (var rule in rules)
        {
            var json = rule.ToJson().ToJsonString();
            using var document = JsonDocument.Parse(json);
            Assert.Equal(json, PolicyRule.FromJson(document.RootElement).ToJson().ToJsonString());
        }
    }

    [Fact]
    public void All_errors_of_a_file_come_at_once_with_their_places()
    {
        const string Yaml = """
            apiVersion: agentops/v1
            kind: AgentPolicy
            name: p
            subjects: {agents: [a]}
            rules:
            - id: r1
              efect: permit
              effect: permit
              resources: ['tool:Get-*']
            - id: r1
              effect: permitt
              resources: [tool:X]
              args: {A: {type: decimal, max: 5.5}}
            """;
        var exception = Assert.Throws<AgentOpsException>(() => Load(Yaml));
        Assert.Equal("InvalidConfiguration", exception.Code.Id);
        Assert.Equal(
            """
            policy.yaml:7:3: unknown key 'efect'; did you mean 'effect'?
            policy.yaml:9:15: 'tool:Get-*': a permit names its resources exactly; wildcards are for forbid and require
            policy.yaml:11:11: 'effect' is 'permitt'; did you mean 'permit'?
            policy.yaml:13:34: 'max': write the decimal in quotes, "5.5", so that no tool rounds it
            """, exception.Message);
    }

    private sealed class FixedHistory(int count) : IHistorySource
    {
        public int Count(in HistoryQuery query) => count;
    }

    [Fact]
    public void Allowing_what_a_call_touches_besides_allocates_nothing_and_names_every_permit()
    {
        var set = PolicySet.Compile(
        [
            new() { Id = "tool", Effect = PolicyEffect.Permit, Resources = [ResourcePattern.Parse("tool:T")], Subjects = RuleSubjects.Agent("a") },
            new() { Id = "data", Effect = PolicyEffect.Permit, Resources = [ResourcePattern.Parse("data:hr")], Subjects = RuleSubjects.Agent("a") },
            new() { Id = "other", Effect = PolicyEffect.Permit, Resources = [ResourcePattern.Parse("data:web")], Subjects = RuleSubjects.Agent("a") },
        ], PolicyContext.Default);
        var request = new AuthorizationRequest { Agent = "a", Resource = "tool:T", Touches = ["data:hr/people", "data:web/page"], Now = DateTimeOffset.UnixEpoch };
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(["tool", "data", "other"], set.Decide(request).DecidingRules);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var allowed = 0;
        for (var i = 0; i < 1000; i++)
        {
            allowed += set.Decide(request).IsAllowed ? 1 : 0;
        }

        Assert.Equal((1000, 0L), (allowed, GC.GetAllocatedBytesForCurrentThread() - before));
    }
}
