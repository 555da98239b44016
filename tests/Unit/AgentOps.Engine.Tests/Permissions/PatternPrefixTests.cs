using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tests.Permissions;

public sealed class PatternPrefixTests
{
    [Theory]
    [InlineData("INV-[0-9]{6}", "INV-")]
    [InlineData("acme", "acme")]
    [InlineData(@"a\.b\-c.*", "a.b-c")]
    [InlineData("ab?c", "a")]
    [InlineData("ab*", "a")]
    [InlineData("ab+", "ab")]
    [InlineData("ab{0,2}", "a")]
    [InlineData("a{b", "")]
    [InlineData("x(?i)y", "x")]
    [InlineData("(?i)x", "")]
    [InlineData("ab|cd", "")]
    [InlineData("(ab|cd)", "")]
    [InlineData(@"\d+", "")]
    [InlineData(@"a\d", "a")]
    [InlineData("^a", "")]
    [InlineData(@"a\?*b", "a")]
    public void The_certain_beginning_is_found(string pattern, string prefix) => Assert.Equal(prefix, PatternPrefix.Of(pattern));

    /// <summary>Whatever matches begins with it: over random patterns put together from all kinds of pieces, and random texts.</summary>
    [Fact]
    public void Every_match_begins_with_it()
    {
        string[] pieces = ["a", "b", "A", @"\.", ".", "*", "+", "?", "{2}", "{0,1}", "|", "(", ")", "(?:", "(?i)", "(?x)", " ", "#", "[ab]", "[^a]", @"\d", @"\w", @"\b", "^", "$", "1", "-", @"\-", "K", "(?i:"];
        const string letters = "abAB.1- kK\u212A#";
        var random = new Random(20_261_121);
        var matched = 0;
        for (var i = 0; i < 60_000; i++)
        {
            var pattern = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (!PatternText.TryCompile(pattern, out var regex, out _))
            {
                continue;
            }

            var prefix = PatternPrefix.Of(pattern);
            for (var j = 0; j < 12; j++)
            {
                var text = (random.Next(2) == 0 ? prefix : "") + string.Concat(Enumerable.Range(0, random.Next(0, 4)).Select(_ => letters[random.Next(letters.Length)]));
                if (regex.IsMatch(text))
                {
                    matched++;
                    Assert.True(text.StartsWith(prefix, StringComparison.Ordinal), $"'{text}' matches '{pattern}' without '{prefix}'");
                }
            }
        }

        Assert.True(matched > 5_000, $"{matched} matches prove little");
    }

    [Fact]
    public void A_text_of_a_thousand_patterns_meets_only_those_that_begin_like_it()
    {
        var rules = Enumerable.Range(0, 1000).Select(i => new PolicyRule
        {
            Id = "r" + i,
            Effect = i % 2 == 0 ? PolicyEffect.Permit : PolicyEffect.Forbid,
            Resources = [ResourcePattern.Parse("tool:Pay")],
            Subjects = RuleSubjects.Agent("clerk"),
            Arguments = new Dictionary<string, ArgumentConstraint> { ["Payee"] = new StringConstraint { Pattern = $"p{i}-[a-z]+" } },
        }).ToArray();
        var set = PolicySet.Compile(rules, PolicyContext.Default);
        for (var i = 0; i < 1000; i++)
        {
            var decision = set.Decide(new AuthorizationRequest
            {
                Agent = "clerk",
                Resource = "tool:Pay",
                Arguments = new BoundArguments([new("Payee", ArgumentValue.From($"p{i}-acme"))]),
                Now = DateTimeOffset.UnixEpoch,
            });
            Assert.Equal(i % 2 == 0, decision.IsAllowed);
            Assert.Equal(["r" + i], decision.DecidingRules);
        }
    }
}
