using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Tests.Providers;

public class MessageTests
{
    [Fact]
    public void Every_part_survives_the_round_trip()
    {
        var message = new Message(MessageRole.Assistant,
        [
            new TextPart("häß\u0000\"") { Signature = "s1" },
            new ImagePart("image/png", new byte[] { 1, 2, 255 }),
            new ReasoningPart("because", "sig"),
            new ReasoningPart("", "hidden") { Redacted = true },
            new ToolCallPart("c1", "Get-Disk", "{\"truncated\":") { Signature = "s2" },
            new ToolResultPart("c1", "Get-Disk", "[1]", true),
        ]);

        var text = message.ToJson().ToJsonString();

        Assert.Equal(message, Message.FromJson(ProviderTesting.ParseJson(text)));
        Assert.Equal(text, Message.FromJson(ProviderTesting.ParseJson(text)).ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"role":"king","parts":[]}""")]
    [InlineData("""{"role":"user","parts":{}}""")]
    [InlineData("""{"role":"user","parts":[{"type":"song"}]}""")]
    [InlineData("""{"role":"user","parts":[{"type":"image","mediaType":"image/png","data":"*"}]}""")]
    public void What_is_no_message_is_one_clear_error(string json) =>
        Assert.Equal(ErrorCodes.MessageMalformed,
            Assert.Throws<AgentOpsException>(() => Message.FromJson(ProviderTesting.ParseJson(json))).Code);

    [Fact]
    public void The_builder_joins_deltas_and_keeps_the_order()
    {
        var builder = new AssistantMessageBuilder();
        foreach (var item in new ModelEvent[]
        {
            new ReasoningDelta("I ", null), new ReasoningDelta("think", null), new ReasoningDelta("", "sig"),
            new TextDelta("He"), new TextDelta("llo"),
            new ToolCallProposed(new ToolCallPart("1", "t", "{}")),
            new TextDelta("after"),
            new ModelCompleted(StopReason.ToolUse, Usage.Zero, "m", null),
        })
        {
            builder.Add(item);
        }

        Assert.Equal(
            new Message(MessageRole.Assistant,
                [new ReasoningPart("I think", "sig"), new TextPart("Hello"), new ToolCallPart("1", "t", "{}"), new TextPart("after")]),
            builder.Build());
        Assert.Equal(StopReason.ToolUse, builder.Completed!.Reason);
    }

    [Fact]
    public void A_provider_definition_survives_the_round_trip()
    {
        const string Json = """{"name":"a","kind":"openai","uri":"http://127.0.0.1:1/v1","secret":"env:KEY","proxy":"http://127.0.0.1:2","clearance":"public","headers":{"A":"1","b":"env:B"},"options":{"x":[1.50,"y"]},"terms":{"credit":"12.50","creditExpires":"2026-12-31T00:00:00Z","creditModels":["a*"],"discount":"0.1"}}""";
        Assert.Equal(Json, ProviderDefinition.FromJson(ProviderTesting.ParseJson(Json)).ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("""{"name":"a","kind":"openai","secret":"sk-canary-0123456789"}""")]
    [InlineData("""{"name":"a","kind":"bedrock","secret":"AKIDEXAMPLE:sk-canary-0123456789"}""")]
    [InlineData("""{"name":"a","kind":"openai","headers":{"Authorization":"Bearer sk-canary-0123456789"}}""")]
    public void A_secret_itself_is_refused_and_not_repeated(string json)
    {
        var exception = Assert.Throws<AgentOpsException>(() => ProviderDefinition.FromJson(ProviderTesting.ParseJson(json)));
        Assert.Equal(ErrorCodes.ProviderInvalid, exception.Code);
        Assert.DoesNotContain(ProviderTesting.Canary, exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"kind":"openai"}""")]
    [InlineData("""{"name":"a"}""")]
    [InlineData("""{"name":"a","kind":"oracle"}""")]
    [InlineData("""{"name":"a","kind":"openai","uri":"file:///etc/passwd"}""")]
    [InlineData("""{"name":"a","kind":"openai","uri":"nowhere"}""")]
    public void A_wrong_provider_definition_is_one_clear_error(string json) =>
        Assert.Equal(ErrorCodes.ProviderInvalid,
            Assert.Throws<AgentOpsException>(() => ProviderDefinition.FromJson(ProviderTesting.ParseJson(json))).Code);
}
