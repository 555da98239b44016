using System.Text.Json;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Anthropic;
using AgentOps.Engine.Providers.Bedrock;
using AgentOps.Engine.Providers.Gemini;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Providers;

/// <summary>A conversation that another model began, in the form that each vendor takes.</summary>
public sealed class ForeignConversationTests
{
    private const string ForeignId = "functions.Get-Disk:0";

    private static readonly Message[] Begun =
    [
        Message.Text(MessageRole.User, "go"),
        new(MessageRole.Assistant, [new ReasoningPart("unsigned", null), new TextPart(" \n"), new ToolCallPart(ForeignId, "one", "{}"), new ToolCallPart("b", "two", "{}")]),
        new(MessageRole.Tool, [new ToolResultPart(ForeignId, "one", "", false), new ToolResultPart("b", "two", "2", false)]),
        Message.Text(MessageRole.Assistant, ""),
        Message.Text(MessageRole.User, "\t"),
    ];

    [Fact]
    public void What_a_vendor_refuses_is_left_out_and_no_message_is_empty()
    {
        foreach (var (body, list, parts) in new[] { (Anthropic(Begun), "messages", "content"), (Bedrock(Begun), "messages", "content"), (Gemini("gemini-2.5-pro", Begun), "contents", "parts") })
        {
            var messages = body.GetProperty(list).EnumerateArray().ToArray();
            Assert.Equal(3, messages.Length);
            Assert.All(messages, message => Assert.NotEmpty(message.GetProperty(parts).EnumerateArray()));
            Assert.Equal([1, 2, 2], messages.Select(message => message.GetProperty(parts).GetArrayLength()));
            Assert.DoesNotContain("unsigned", body.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_id_that_is_not_taken_is_replaced_alike_in_call_and_result_and_others_stay()
    {
        var messages = Anthropic(Begun).GetProperty("messages");
        var calls = messages[1].GetProperty("content").EnumerateArray().Select(part => part.GetProperty("id").GetString()!).ToArray();
        var results = messages[2].GetProperty("content").EnumerateArray().Select(part => part.GetProperty("tool_use_id").GetString()).ToArray();
        Assert.Equal(calls, results);
        Assert.Equal("b", calls[1]);
        Assert.Matches("^functions_Get-Disk_0-[0-9a-f]{12}$", calls[0]);

        var uses = Bedrock(Begun).GetProperty("messages");
        Assert.Equal(calls, uses[1].GetProperty("content").EnumerateArray().Select(part => part.GetProperty("toolUse").GetProperty("toolUseId").GetString()));
        Assert.Equal(calls, uses[2].GetProperty("content").EnumerateArray().Select(part => part.GetProperty("toolResult").GetProperty("toolUseId").GetString()));
    }

    [Fact]
    public void Ids_that_differ_stay_different_and_none_is_too_long()
    {
        string[] ids = ["a.b", "a_b", "a:b", "", new string('x', 65), new string('x', 66), new string('.', 200)];
        var plain = ids.Select(id => Anthropic([Message.Text(MessageRole.User, "go"), new(MessageRole.Assistant, [new ToolCallPart(id, "one", "{}")])])
            .GetProperty("messages")[1].GetProperty("content")[0].GetProperty("id").GetString()!).ToArray();
        Assert.Equal(ids.Length, plain.Distinct().Count());
        Assert.All(plain, id => Assert.Matches("^[a-zA-Z0-9_-]{1,64}$", id));
        Assert.Equal("a_b", plain[1]);
    }

    [Fact]
    public void A_result_without_text_says_so_to_bedrock() =>
        Assert.Equal("(no output)", Bedrock(Begun).GetProperty("messages")[2].GetProperty("content")[0].GetProperty("toolResult").GetProperty("content")[0].GetProperty("text").GetString());

    [Theory]
    [InlineData("gemini-3.8-flash", true)]
    [InlineData("gemini-3-pro-preview", true)]
    [InlineData("models/gemini-4-argon", true)]
    [InlineData("gemini-2.5-pro", false)]
    [InlineData("gemini-flash-latest", false)]
    [InlineData("learnlm", false)]
    public void The_first_call_of_each_step_of_the_turn_has_a_signature_where_the_model_demands_one(string model, bool demanded)
    {
        Message[] messages =
        [
            .. Begun[..3],
            Message.Text(MessageRole.User, "on"),
            new(MessageRole.Assistant, [new TextPart("well"), new ToolCallPart("c", "one", "{}"), new ToolCallPart("d", "two", "{}")]),
            new(MessageRole.Tool, [new ToolResultPart("c", "one", "1", false), new ToolResultPart("d", "two", "2", false)]),
            new(MessageRole.Assistant, [new ToolCallPart("e", "one", "{}") { Signature = "own" }, new ToolCallPart("f", "two", "{}")]),
            new(MessageRole.Tool, [new ToolResultPart("e", "one", "1", false), new ToolResultPart("f", "two", "2", false)]),
        ];

        var signatures = Gemini(model, messages).GetProperty("contents").EnumerateArray().SelectMany(content => content.GetProperty("parts").EnumerateArray())
            .Where(part => part.TryGetProperty("functionCall", out _))
            .Select(part => part.TryGetProperty("thoughtSignature", out var signature) ? signature.GetString() : null);

        Assert.Equal([null, null, demanded ? "skip_thought_signature_validator" : null, null, "own", null], signatures);
    }

    private static JsonElement Anthropic(Message[] messages) => Body(json => new AnthropicRequestWriter(1024).Write(json, new ModelRequest { Model = "m", Messages = messages }));

    private static JsonElement Bedrock(Message[] messages) => Body(json => BedrockRequestWriter.Write(json, new ModelRequest { Model = "m", Messages = messages }));

    private static JsonElement Gemini(string model, Message[] messages) => Body(json => GeminiRequestWriter.Write(json, new ModelRequest { Model = model, Messages = messages }));

    private static JsonElement Body(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            write(json);
        }

        return ParseJson(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }
}
