using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;

namespace AgentOps.Engine.Tests.Routing;

/// <summary>
/// Signed reasoning in conversations that go from model to model. The models here check as the vendors do: a signature that they did not
/// make, or that they made after other words, is an error.
/// </summary>
public sealed class SignatureSealTests
{
    private readonly ProviderSet _providers = new(new ProviderFactory());
    private readonly Dictionary<RouteTarget, SigningProvider> _models = [];

    public SignatureSealTests()
    {
        foreach (var (name, kind) in new[] { ("claude", ProviderKinds.Anthropic), ("aws", ProviderKinds.Bedrock), ("google", ProviderKinds.Gemini) })
        {
            foreach (var model in new[] { "one", "two" })
            {
                var target = new RouteTarget($"{name}-{model}", model);
                var provider = new SigningProvider(target.Provider, kind);
                _models[target] = provider;
                _providers.Register(new ProviderDefinition { Name = target.Provider, Kind = kind }, provider);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task No_model_ever_sees_a_signature_that_it_would_refuse_and_each_gets_its_own_back(int seed)
    {
        var random = new Random(seed);
        var targets = _models.Keys.OrderBy(target => target.Provider, StringComparer.Ordinal).ToArray();
        var (messages, tools) = (new List<Message> { Message.Text(MessageRole.System, "Help."), Message.Text(MessageRole.User, "go") }, Tools(1));
        var target = targets[0];
        for (var turn = 0; turn < 60; turn++)
        {
            switch (random.Next(8))
            {
                case 0:
                    target = targets[random.Next(targets.Length)];
                    break;
                case 1 when messages.Count > 6:
                    // A summary in place of the oldest.
                    messages.RemoveRange(2, 2);
                    messages[1] = Message.Text(MessageRole.User, $"Summary {turn}.");
                    break;
                case 2:
                    tools = Tools(random.Next(1, 4));
                    break;
                case 3:
                    messages[0] = Message.Text(MessageRole.System, $"Help {random.Next(3)}.");
                    break;
            }

            messages.Add(await AskAsync(target, messages, tools));
            messages.Add(new Message(MessageRole.Tool, [new ToolResultPart($"c{turn}", "t", $"result {turn}", false)]));
        }

        Assert.All(_models.Values, model => Assert.Empty(model.Refused));
        Assert.True(_models.Values.Sum(model => model.Own) > 20);
    }

    [Fact]
    public async Task A_conversation_with_one_model_goes_back_to_it_with_every_signature_as_it_came()
    {
        var target = _models.Keys.Single(target => target.Provider == "claude-one");
        var messages = new List<Message> { Message.Text(MessageRole.User, "go") };
        for (var turn = 0; turn < 5; turn++)
        {
            messages.Add(Message.FromJson(System.Text.Json.JsonDocument.Parse((await AskAsync(target, messages, Tools(1))).ToJson().ToJsonString()).RootElement));
            messages.Add(Message.Text(MessageRole.User, $"more {turn}"));
        }

        // Each answer has three signed parts: 0 + 3 + 6 + 9 + 12 came back.
        Assert.Equal(30, _models[target].Own);
        Assert.Empty(_models[target].Refused);
    }

    [Fact]
    public async Task Another_model_gets_what_was_said_and_called_without_signatures()
    {
        var messages = new List<Message> { Message.Text(MessageRole.User, "go") };
        messages.Add(await AskAsync(_models.Keys.Single(target => target.Provider == "google-one"), messages, Tools(1)));
        var other = _models.Keys.Single(target => target.Provider == "claude-two");

        await AskAsync(other, messages, Tools(1));

        var seen = _models[other].Last!.Messages[^1];
        Assert.Equal("said 1", seen.TextContent);
        Assert.Equal("t", seen.Parts.OfType<ToolCallPart>().Single().Name);
        Assert.All(seen.Parts, part => Assert.Null(part.Signature));
    }

    [Fact]
    public async Task A_signature_from_outside_goes_to_nobody()
    {
        var target = _models.Keys.Single(target => target.Provider == "claude-one");
        foreach (var signature in new[] { "made-elsewhere", "YW8xAAAAAAAAAAAAAAAAAAAAAGZha2U=", "", "ao1", "YW8x" })
        {
            await AskAsync(target, [Message.Text(MessageRole.User, "go"), new Message(MessageRole.Assistant, [new ReasoningPart("thought", signature), new TextPart("said")])], Tools(1));

            Assert.All(_models[target].Last!.Messages.SelectMany(message => message.Parts), part => Assert.Null(part.Signature));
        }
    }

    private static ModelTool[] Tools(int count) => [.. Enumerable.Range(0, count).Select(i => new ModelTool($"t{i}", "does", new JsonObject { ["type"] = "object" }))];

    private async Task<Message> AskAsync(RouteTarget target, IReadOnlyList<Message> messages, ModelTool[] tools)
    {
        var route = new RouteDefinition { Name = "r", Targets = [target], Objective = RouteObjective.Ordered };
        var answer = new AssistantMessageBuilder();
        await foreach (var item in new Router(_providers).InvokeAsync(new RouteRequest(route, new ModelRequest { Model = "", Messages = [.. messages], Tools = tools }), CancellationToken.None))
        {
            if (item is ModelOutput { Event: var output })
            {
                answer.Add(output);
            }
        }

        return answer.Build();
    }

    /// <summary>Signs reasoning, text and calls, and checks what comes back.</summary>
    private sealed class SigningProvider(string name, string kind) : IModelProvider
    {
        private int _calls;

        public string Name => name;

        public string Kind => kind;

        public ModelRequest? Last { get; private set; }

        public List<string> Refused { get; } = [];

        public int Own { get; private set; }

        public async IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
        {
            await Task.Yield();
            Last = request;
            for (var i = 0; i < request.Messages.Count; i++)
            {
                foreach (var part in request.Messages[i].Parts.Where(part => part.Signature is not null))
                {
                    if (part.Signature == Sign(request, i))
                    {
                        Own++;
                    }
                    else
                    {
                        Refused.Add(part.Signature!);
                    }
                }
            }

            var signature = Sign(request, request.Messages.Count);
            _calls++;
            yield return new ReasoningDelta("think", null);
            yield return new ReasoningDelta("", signature);
            yield return new TextDelta($"said {_calls}");
            yield return new TextDelta("") { Signature = signature };
            yield return new ToolCallProposed(new ToolCallPart($"c{_calls}", "t", "{}") { Signature = signature });
            yield return new ModelCompleted(StopReason.ToolUse, new Usage(1, 1), request.Model, null);
        }

        private string Sign(ModelRequest request, int before)
        {
            var prefix = kind == ProviderKinds.Gemini ? "" : string.Concat(
                request.Tools.Select(tool => tool.Name).Concat(request.Messages.Take(before).Select(message => message.ToJson().ToJsonString())));
            return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}|{request.Model}|{prefix}")));
        }
    }
}
