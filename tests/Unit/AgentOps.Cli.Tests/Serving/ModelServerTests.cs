using System.Net;
using AgentOps.Cli.Serving;
using AgentOps.Engine.Benchmarks.Endpoints;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Simulated;
using AgentOps.Engine.Routing;
using System.Text.Json;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>Our adapters against our server: what one writes the other reads, in every protocol, and every fault keeps its meaning.</summary>
public class ModelServerTests
{
    private const string Script = """
        {"steps":[
          {"when":{"contains":"plain"},"say":"Hello there, reader.","reason":"hm","usage":{"input":20,"output":9,"cached":5}},
          {"when":{"contains":"tools","turn":1},"say":"Looking.","call":[{"tool":"one","arguments":{"a":[1,{"b":"ü"}]}},{"tool":"two"}]},
          {"when":{"tool":"one"},"say":"Got {{tool.one.x}} and {{tool.two}}"}
        ]}
        """;

    public static TheoryData<string, bool> Protocols()
    {
        var data = new TheoryData<string, bool>();
        foreach (var kind in new[] { "openai", "azure-openai", "anthropic", "gemini", "bedrock" })
        {
            data.Add(kind, true);
            data.Add(kind, false);
        }

        return data;
    }

    [Fact]
    public async Task A_client_that_knows_the_address_alone_is_told_a_model()
    {
        await using var server = await StartAsync(Script);
        using var factory = new ProviderFactory();
        var target = await EndpointAddress.OpenAsync(factory, new Uri(server.Address), null, null, CancellationToken.None);
        Assert.Equal(StopReason.EndTurn, (await AskAsync(target.Provider, Ask("plain", true) with { Model = target.Model })).Completed!.Reason);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_conversation_survives_the_wire(string kind, bool stream)
    {
        await using var server = await StartAsync(Script);
        using var factory = new ProviderFactory();
        var provider = factory.Create(Over(kind, server));
        var plain = await AskAsync(provider, Ask("plain", stream));
        Assert.Equal("Hello there, reader.", plain.Build().TextContent);
        Assert.Equal((20, 9, 5), (plain.Completed!.Usage.InputTokens, plain.Completed.Usage.OutputTokens, plain.Completed.Usage.CachedInputTokens));

        var request = Ask("tools", stream);
        var first = await AskAsync(provider, request);
        var calls = first.ToolCalls.ToArray();
        Assert.Equal(["one", "two"], calls.Select(call => call.Name));
        Assert.Equal("ü", JsonDocument.Parse(calls[0].ArgumentsJson).RootElement.GetProperty("a")[1].GetProperty("b").GetString());
        Assert.Equal(StopReason.ToolUse, first.Completed!.Reason);

        request = request with
        {
            Messages =
            [
                .. request.Messages, first.Build(),
                new Message(MessageRole.Tool,
                [
                    new ToolResultPart(calls[0].Id, "one", "{\"x\":42}", false),
                    new ToolResultPart(calls[1].Id, "two", "refused", true),
                ]),
            ],
        };
        Assert.Equal("Got 42 and refused", (await AskAsync(provider, request)).Build().TextContent);
    }

    [Theory]
    [InlineData("rate-limit", FaultKind.RateLimited)]
    [InlineData("quota", FaultKind.QuotaExhausted)]
    [InlineData("overloaded", FaultKind.Overloaded)]
    [InlineData("server-error", FaultKind.ServerError)]
    [InlineData("authentication", FaultKind.Authentication)]
    [InlineData("invalid-request", FaultKind.InvalidRequest)]
    [InlineData("torn-stream", FaultKind.Interrupted)]
    [InlineData("stream-error", FaultKind.Overloaded)]
    public async Task Every_fault_keeps_its_meaning_in_every_protocol(string fault, FaultKind expected)
    {
        await using var server = await StartAsync($$$"""[{"say":"one two three","fault":{"kind":"{{{fault}}}","times":-1}}]""");
        using var factory = new ProviderFactory();
        foreach (var kind in new[] { "openai", "azure-openai", "anthropic", "gemini", "bedrock" })
        {
            var exception = await Assert.ThrowsAsync<ProviderFaultException>(() => AskAsync(factory.Create(Over(kind, server)), Ask("x", true)));
            Assert.True(expected == exception.Fault.Kind || (fault == "stream-error" && exception.Fault.Kind == FaultKind.ServerError),
                $"{kind}: {exception.Fault}");
        }
    }

    [Theory]
    [InlineData("seconds", 3000)]
    [InlineData("milliseconds", 2500)]
    [InlineData("duration", 2500)]
    [InlineData("none", null)]
    public async Task The_wait_is_told_in_each_form(string form, int? expected)
    {
        await using var server = await StartAsync(
            $$$"""[{"say":"x","fault":{"kind":"rate-limit","times":-1,"retryAfterMs":2500,"header":"{{{form}}}"}}]""");
        using var factory = new ProviderFactory();
        var exception = await Assert.ThrowsAsync<ProviderFaultException>(() => AskAsync(factory.Create(Over("openai", server)), Ask("x", true)));
        Assert.Equal(expected, (int?)exception.Fault.RetryAfter?.TotalMilliseconds);
    }

    [Fact]
    public async Task A_route_is_served_to_any_client()
    {
        using var factory = new ProviderFactory();
        var providers = new ProviderSet(factory);
        providers.Register(Simulated("a"), new SimulatedProvider("a", Parse("""[{"say":"x","fault":{"kind":"overloaded","times":-1}}]"""), TimeProvider.System));
        providers.Register(Simulated("b"), new SimulatedProvider("b", Parse("""[{"say":"from b"}]"""), TimeProvider.System));
        var route = new RouteDefinition { Name = "r", Targets = [new RouteTarget("a", "m"), new RouteTarget("b", "m")] };
        await using var server = await ModelServer.StartAsync(
            ServedSource.Of(new Router(providers, new RouterOptions { FirstWait = TimeSpan.Zero }), route), new IPEndPoint(IPAddress.Loopback, 0), default);
        Assert.Equal("from b", (await AskAsync(factory.Create(Over("anthropic", server)), Ask("x", true))).Build().TextContent);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("azure-openai")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    [InlineData("bedrock")]
    public async Task A_stream_falls_back_before_its_first_token_and_never_after(string kind)
    {
        await using var server = await StartAsync("""
            {"steps":[
              {"when":{"contains":"refused"},"say":"x","repeat":true,"fault":{"kind":"overloaded","times":-1}},
              {"when":{"contains":"empty"},"say":"x","repeat":true,"fault":{"kind":"torn-stream","after":0,"times":-1}},
              {"when":{"contains":"broken"},"say":"one two three","repeat":true,"fault":{"kind":"torn-stream","after":2,"times":-1}}
            ]}
            """);
        using var factory = new ProviderFactory();
        var providers = new ProviderSet(factory);
        providers.Register(Over(kind, server));
        providers.Register(Simulated("b"), new SimulatedProvider("b", Parse("""[{"say":"from b","repeat":true}]"""), TimeProvider.System));
        var route = new RouteDefinition { Name = "r", Targets = [new RouteTarget("p", "m"), new RouteTarget("b", "m")] };
        var router = new Router(providers, new RouterOptions { FirstWait = TimeSpan.Zero });
        foreach (var early in new[] { "refused", "empty" })
        {
            var (text, error) = await RouteAsync(router, route, early);
            Assert.Equal(("from b", null), (text, error?.Code));
        }

        var (begun, broken) = await RouteAsync(new Router(providers), route, "broken");
        Assert.StartsWith("one", begun, StringComparison.Ordinal);
        Assert.DoesNotContain("from b", begun, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.AnswerInterrupted, broken!.Code);
    }

    [Fact]
    public async Task What_is_not_served_is_a_404_and_what_is_no_json_a_400()
    {
        await using var server = await StartAsync(Script);
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(server.Address + "/"))).StatusCode);
        using var nonsense = new StringContent("nonsense");
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync(new Uri(server.Address + "/v1/messages"), nonsense)).StatusCode);
    }

    private static async Task<(string Text, AgentOpsException? Error)> RouteAsync(Router router, RouteDefinition route, string prompt)
    {
        var message = new AssistantMessageBuilder();
        try
        {
            await foreach (var item in router.InvokeAsync(new RouteRequest(route, Ask(prompt, true)), default))
            {
                if (item is ModelOutput output)
                {
                    message.Add(output.Event);
                }
            }
        }
        catch (AgentOpsException exception)
        {
            return (message.Build().TextContent, exception);
        }

        return (message.Build().TextContent, null);
    }

    private static ProviderDefinition Simulated(string name) => new() { Name = name, Kind = ProviderKinds.Simulated };

    private static Scenario Parse(string script) => Scenario.FromJson(JsonDocument.Parse(script).RootElement);

    private static Task<ModelServer> StartAsync(string script) => ModelServer.StartAsync(
        ServedSource.Of(new SimulatedProvider("s", Parse(script), TimeProvider.System)), new IPEndPoint(IPAddress.Loopback, 0), default);

    private static ProviderDefinition Over(string kind, ModelServer server) => new()
    {
        Name = "p",
        Kind = kind,
        Uri = new Uri(server.Address + (kind == "openai" ? "/v1" : "")),
    };

    private static ModelRequest Ask(string text, bool stream) => new()
    {
        Model = "vendor.m-v1:0",
        Messages = [Message.Text(MessageRole.System, "s"), Message.Text(MessageRole.User, text)],
        Tools = [new ModelTool("one", "1", []), new ModelTool("two", "2", [])],
        MaxOutputTokens = 50,
        Stream = stream,
    };

    private static async Task<AssistantMessageBuilder> AskAsync(IModelProvider provider, ModelRequest request)
    {
        var message = new AssistantMessageBuilder();
        await foreach (var modelEvent in provider.StreamAsync(request, default))
        {
            message.Add(modelEvent);
        }

        return message;
    }
}
