using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tests.Permissions;

public sealed class ResourcePatternTests
{
    [Theory]
    [InlineData("tool:Send-*", "tool:Send-Payment", true)]
    [InlineData("tool:Send-*", "tool:send-payment", true)]
    [InlineData("tool:Send-*", "tool:Send-", true)]
    [InlineData("tool:Send-*", "tool:Resend-Payment", false)]
    [InlineData("tool:*-Payment", "tool:Send-Payment", true)]
    [InlineData("tool:S*P*t", "tool:Send-Payment", true)]
    [InlineData("tool:Send-?", "tool:Send-AB", false)]
    [InlineData("tool:*", "route:fast", false)]
    [InlineData("net:*.example.org", "net:api.example.org", true)]
    [InlineData("net:*.example.org", "net:a.b.example.org", true)]
    [InlineData("net:*.example.org", "net:example.org", false)]
    [InlineData("net:*.example.org", "net:example.org.evil.com", false)]
    [InlineData("data:hr/*", "data:hr/pay", true)]
    [InlineData("data:hr/*", "data:hr/2026/pay", false)]
    [InlineData("data:hr/**", "data:hr/2026/pay", true)]
    [InlineData("data:hr/**", "data:hr", false)]
    [InlineData("data:hr/**", "data:HR/pay", true)]
    [InlineData("data:**/pay", "data:hr/2026/pay", true)]
    [InlineData("data:h?/pay", "data:h/pay", false)]
    [InlineData("data:hr", "data:hr/2026/pay", true)]
    [InlineData("data:hr", "data:HR/pay", true)]
    [InlineData("data:hr", "data:hrx", false)]
    [InlineData("data:hr/pay", "data:hr", false)]
    [InlineData("data:hr/*", "data:hr/a/b", false)]
    [InlineData("agent:*", "agent:clerk", true)]
    public void A_forbid_s_wildcards_match(string pattern, string resource, bool expected)
    {
        var set = PolicySet.Compile(
        [
            new() { Id = "f", Effect = PolicyEffect.Forbid, Resources = [ResourcePattern.Parse(pattern)] },
            new() { Id = "p", Effect = PolicyEffect.Permit, Resources = [ResourcePattern.Parse(resource)], Subjects = RuleSubjects.Agent("a") },
        ], PolicyContext.Default);
        Assert.Equal(expected, !set.Decide(new AuthorizationRequest { Agent = "a", Resource = resource, Now = DateTimeOffset.UnixEpoch }).IsAllowed);
    }

    [Theory]
    [InlineData("tool:A", "tool:a", true)]
    [InlineData("route:Fast", "route:FAST", true)]
    [InlineData("net:api.example.org", "net:API.example.org", true)]
    [InlineData("data:hr/Pay", "data:hr/Pay", true)]
    [InlineData("data:hr/Pay", "data:hr/pay", false)]
    [InlineData("data:hr", "data:hr/2026/pay", true)]
    [InlineData("data:hr", "data:HR/pay", false)]
    [InlineData("data:hr", "data:hrx/pay", false)]
    public void A_permit_regards_case_in_data_alone(string pattern, string resource, bool expected)
    {
        var set = PolicySet.Compile([new() { Id = "p", Effect = PolicyEffect.Permit, Resources = [ResourcePattern.Parse(pattern)], Subjects = RuleSubjects.Agent("a") }], PolicyContext.Default);
        Assert.Equal(expected, set.Decide(new AuthorizationRequest { Agent = "a", Resource = resource, Now = DateTimeOffset.UnixEpoch }).IsAllowed);
    }

    [Theory]
    [InlineData("Tool:A")]
    [InlineData("tool:")]
    [InlineData("tool:a b")]
    [InlineData("tool:a/b")]
    [InlineData("file:/etc")]
    [InlineData("net:https://example.org")]
    [InlineData("net:example.org:443")]
    [InlineData("net:.example.org")]
    [InlineData("data:/etc/passwd")]
    [InlineData("data:a//b")]
    [InlineData("data:a/./b")]
    [InlineData("data:a\\b")]
    [InlineData("tool:*@sha256:0123456789abcdef")]
    [InlineData("tool:A@sha256:0123")]
    [InlineData("tool:A@sha256:0123456789ABCDEF")]
    [InlineData("net:a@sha256:0123456789abcdef")]
    public void What_has_no_proper_name_is_refused(string text)
    {
        Assert.False(ResourcePattern.TryParse(text, out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Rules_beyond_one_block_of_the_index_are_found_and_a_forbid_among_them_wins()
    {
        PolicyRule Make(int i, PolicyEffect effect) => new()
        {
            Id = $"r{i:D5}",
            Effect = effect,
            Resources = [ResourcePattern.Parse("tool:T")],
            Subjects = RuleSubjects.Agent("a"),
            Arguments = new Dictionary<string, ArgumentConstraint> { ["X"] = new StringConstraint { In = ["x" + i] }, ["N"] = new DecimalConstraint { Max = i } },
        };
        var rules = Enumerable.Range(0, 2_600).Select(i => Make(i, PolicyEffect.Permit)).Concat(Enumerable.Range(2_600, 1_400).Select(i => Make(i, PolicyEffect.Forbid)))
            .Append(new PolicyRule { Id = "any", Effect = PolicyEffect.Permit, Resources = [ResourcePattern.Parse("tool:T")], Subjects = RuleSubjects.Agent("b") }).ToList();
        var set = PolicySet.Compile(rules, PolicyContext.Default);
        AuthorizationRequest Call(int i, string agent = "a", int number = 0) => new()
        {
            Agent = agent,
            Resource = "tool:T",
            Arguments = new BoundArguments([new("X", ArgumentValue.From("x" + i)), new("N", ArgumentValue.From((long)number))]),
            Now = DateTimeOffset.UnixEpoch,
        };
        foreach (var i in new[] { 0, 63, 64, 1023, 1024, 1025, 2047, 2048, 2599 })
        {
            Assert.Equal([$"r{i:D5}"], set.Decide(Call(i)).DecidingRules);
            Assert.False(set.Decide(Call(i, number: i + 1)).IsAllowed);
        }

        foreach (var i in new[] { 2600, 3623, 3624, 3999 })
        {
            Assert.Equal($"Forbidden by rule 'r{i:D5}'.", set.Decide(Call(i)).Reason);
        }

        Assert.True(set.Decide(Call(9_999, "b")).IsAllowed);
        Assert.False(set.Decide(Call(9_999)).IsAllowed);
    }
}
