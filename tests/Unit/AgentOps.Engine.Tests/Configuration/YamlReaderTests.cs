using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Tests.Configuration;

public sealed class YamlReaderTests
{
    private sealed record Thing(long? Count, decimal? Price, bool? On, TimeSpan? Every, DateTimeOffset? At, string? Word, IReadOnlyList<string> Words, string? Free);

    private sealed class ThingParser : IYamlKindParser
    {
        public string Kind => "Thing";

        public object Parse(string name, YamlMap document) => new Thing(
            document.GetInteger("count", 1, 10), document.GetDecimal("price"), document.GetBoolean("on"), document.GetDuration("every"), document.GetTime("at"),
            document.GetMap("nested")?.GetString("word"), document.GetStrings("words"), document.Get("free")?.ToJson()?.ToJsonString());
    }

    private static object? Read(string body, YamlLimits? limits = null) =>
        new YamlDocumentReader([new ThingParser()], limits).Read("apiVersion: agentops/v1\nkind: Thing\nname: t\n" + body, "t.yaml").Single().Value;

    private static string Error(string body, YamlLimits? limits = null)
    {
        var exception = Assert.Throws<AgentOpsException>(() => Read(body, limits));
        Assert.Equal("InvalidConfiguration", exception.Code.Id);
        Assert.Equal("t.yaml", exception.Target);
        return exception.Message;
    }

    [Fact]
    public void Reads_each_type()
    {
        var thing = (Thing)Read("count: 3\nprice: \"1.50\"\non: true\nevery: PT15M\nat: 2026-01-01T12:00:00+01:00\nnested: {word: w}\nwords: [a, 1]\nfree: {a: [1, 2.5, x, null, true]}")!;
        Assert.Equal(3, thing.Count);
        Assert.Equal(1.50m, thing.Price);
        Assert.True(thing.On);
        Assert.Equal(TimeSpan.FromMinutes(15), thing.Every);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 11, 0, 0, TimeSpan.Zero), thing.At);
        Assert.Equal("w", thing.Word);
        Assert.Equal(["a", "1"], thing.Words);
        Assert.Equal("""{"a":[1,2.5,"x",null,true]}""", thing.Free);
    }

    [Theory]
    [InlineData("cuont: 3", "t.yaml:4:1: unknown key 'cuont'; did you mean 'count'?")]
    [InlineData("nested: {wrod: x}", "t.yaml:4:10: unknown key 'wrod'; did you mean 'word'?")]
    [InlineData("count: many", "t.yaml:4:8: 'count': a whole number in plain digits is due, not 'many'")]
    [InlineData("count: 0x10", "t.yaml:4:8: 'count': a whole number in plain digits is due, not '0x10'")]
    [InlineData("count: 1_000", "t.yaml:4:8: 'count': a whole number in plain digits is due, not '1_000'")]
    [InlineData("count: 11", "t.yaml:4:8: 'count' is 11; it must lie between 1 and 10")]
    [InlineData("count: [1]", "t.yaml:4:8: 'count': a whole number in plain digits is due, not a list")]
    [InlineData("price: 1.5", "t.yaml:4:8: 'price': write the decimal in quotes, \"1.5\", so that no tool rounds it")]
    [InlineData("price: \"1,5\"", "t.yaml:4:8: 'price': a decimal in quotes such as \"500.00\" is due, not '1,5'")]
    [InlineData("on: yes", "t.yaml:4:5: 'on': true or false is due, not 'yes'")]
    [InlineData("on: \"true\"", "t.yaml:4:5: 'on': true or false is due, not 'true'")]
    [InlineData("every: P1M", "t.yaml:4:8: 'every': a duration such as PT15M or P1D is due, not 'P1M'")]
    [InlineData("every: PT0S", "t.yaml:4:8: 'every': a duration such as PT15M or P1D is due, not 'PT0S'")]
    [InlineData("at: 2026-01-01", "t.yaml:4:5: 'at': a time with its zone such as 2026-10-01T00:00:00Z is due, not '2026-01-01'")]
    [InlineData("words: a", "t.yaml:4:8: 'words': a list is due, not 'a'")]
    [InlineData("words:", "t.yaml:4:7: 'words': a list is due, not nothing")]
    [InlineData("nested: &x {word: w}", "t.yaml:4:9: not taken: the anchor '&x': write the value out where it is meant")]
    [InlineData("nested: !!python/object {word: w}", "t.yaml:4:9: not taken: the tag 'tag:yaml.org,2002:python/object': plain values only")]
    public void Says_where_and_what(string body, string expected) => Assert.Equal(expected, Error(body));

    [Fact]
    public void Says_all_errors_at_once() => Assert.Equal(3, Error("count: x\nprice: x\nbogus: x").Split('\n').Length);

    [Fact]
    public void A_key_given_twice_is_refused() => Assert.StartsWith("t.yaml:5:1: ", Error("count: 1\ncount: 2"), StringComparison.Ordinal);

    [Fact]
    public void What_is_no_yaml_is_refused_with_its_place() => Assert.StartsWith("t.yaml:", Error("count: [1"), StringComparison.Ordinal);

    [Fact]
    public void A_billion_laughs_are_refused_at_the_first()
    {
        var laughs = "free:\n- &a [x, x]\n" + string.Concat(Enumerable.Range(0, 9).Select(i => $"- &{(char)('b' + i)} [*{(char)('a' + i)}, *{(char)('a' + i)}]\n"));
        Assert.Equal("t.yaml:5:3: not taken: the anchor '&a': write the value out where it is meant", Error(laughs));
    }

    [Fact]
    public void Depth_size_and_length_are_bounded()
    {
        Assert.Contains("nesting deeper than 32 levels", Error("free: " + new string('[', 100_000)), StringComparison.Ordinal);
        Assert.Contains("more than 100 values", Error("free: [" + string.Join(",", Enumerable.Repeat("x", 200)) + "]", YamlLimits.Default with { MaxNodes = 100 }), StringComparison.Ordinal);
        Assert.Contains("at most 100 are taken", Error(new string('#', 200), YamlLimits.Default with { MaxCharacters = 100 }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: Thing\nname: t", "'apiVersion' is missing")]
    [InlineData("apiVersion: agentops/v2\nkind: Thing\nname: t", "apiVersion is 'agentops/v2'; this version of AgentOps reads 'agentops/v1'")]
    [InlineData("apiVersion: agentops/v1\nkind: Thnig\nname: t", "unknown kind 'Thnig'; did you mean 'Thing'?")]
    [InlineData("apiVersion: agentops/v1\nkind: Thing", "'name' is missing")]
    [InlineData("- a", "a document must be a mapping with apiVersion, kind and name")]
    public void A_document_says_what_it_is(string text, string expected) => Assert.Contains(expected,
        Assert.Throws<AgentOpsException>(() => new YamlDocumentReader([new ThingParser()]).Read(text, "t.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void Empty_documents_are_passed_over() => Assert.Empty(new YamlDocumentReader([new ThingParser()]).Read("---\n---\n", "t.yaml"));

    [Fact]
    public async Task A_file_that_is_not_there_is_said()
    {
        var exception = await Assert.ThrowsAsync<AgentOpsException>(() => new YamlDocumentReader([new ThingParser()]).ReadFilesAsync(["no-such.yaml"]));
        Assert.Equal("ConfigurationUnreadable", exception.Code.Id);
    }

    [Theory]
    [InlineData("efect", "effect")]
    [InlineData("effcet", "effect")]
    [InlineData("NAME", "name")]
    [InlineData("zzz", null)]
    [InlineData("", null)]
    public void Finds_the_nearest_word(string word, string? expected) => Assert.Equal(expected, YamlSuggestion.Nearest(word, ["effect", "name", "rules"]));
}
