using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Providers;

/// <summary>One adapter against one scripted answer over real HTTP.</summary>
internal sealed class AdapterTesting(string kind, string? options = null)
{
    /// <summary>A turn that has everything: system, image, reasoning, two parallel calls, two results, one of them an error.</summary>
    public static ModelRequest Everything { get; } = new()
    {
        Model = "m",
        Messages =
        [
            Message.Text(MessageRole.System, "Be brief."),
            new Message(MessageRole.User, [new TextPart("Look"), new ImagePart("image/png", new byte[] { 1, 2, 3 })]),
            new Message(MessageRole.Assistant,
            [
                new ReasoningPart("hm", "sig"),
                new ToolCallPart("a", "one", "{\"x\":1}") { Signature = "ts" },
                new ToolCallPart("b", "two", "{broken"),
            ]),
            new Message(MessageRole.Tool, [new ToolResultPart("a", "one", "{\"y\":2}", false)]),
            new Message(MessageRole.Tool, [new ToolResultPart("b", "two", "refused", true)]),
        ],
        Tools = [Tool("one"), Tool("two")],
        ToolChoice = ToolChoice.Required,
        MaxOutputTokens = 99,
        Temperature = 0.7m,
        StopSequences = ["END"],
        OutputSchema = new JsonObject { ["type"] = "object" },
    };

    public async Task<(List<ModelEvent> Events, LoopbackServer.Received Request)> AskAsync(
        Func<LoopbackServer.Received, Stream, CancellationToken, Task> answer, ModelRequest? request = null)
    {
        using var server = new LoopbackServer(answer);
        using var factory = Factory();
        var events = await factory.Create(Over(kind, server.Uri, options)).RunAsync(request ?? Ask("Hi", Tool("one")));
        return (events, server.Requests.First());
    }

    public async Task<ProviderFault> FaultAsync(Func<LoopbackServer.Received, Stream, CancellationToken, Task> answer)
    {
        using var server = new LoopbackServer(answer);
        using var factory = Factory();
        var fault = await factory.Create(Over(kind, server.Uri, options)).FaultAsync(Ask("Hi"));
        Assert.Equal("p", fault.Provider);
        return fault;
    }

    public static void SameJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
}
