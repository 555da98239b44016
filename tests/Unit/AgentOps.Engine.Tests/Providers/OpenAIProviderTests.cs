using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Providers;

public class OpenAIProviderTests
{
    private const string Hello = """{"id":"r1","model":"gpt-x","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"},"finish_reason":null}],"usage":null}""";
    private const string Lo = """{"id":"r1","model":"gpt-x","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}]}""";
    private const string Stop = """{"id":"r1","model":"gpt-x","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    private const string Used = """{"id":"r1","model":"gpt-x","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}}}""";
    private const string Whole = """{"id":"r1","model":"gpt-x","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";

    [Fact]
    public async Task Text_and_usage_come_from_the_stream()
    {
        var (events, _) = await AskAsync(LoopbackServer.Data(Hello, Lo, Stop, Used, "[DONE]"));
        Assert.Equal("Hello", TextOf(events));
        Assert.Equal(new ModelCompleted(StopReason.EndTurn, new Usage(10, 7, 4, 0, 3), "gpt-x", "r1"), EndOf(events));
    }

    [Fact]
    public async Task Usage_is_asked_for_and_the_request_is_the_vendors()
    {
        using var server = new LoopbackServer(LoopbackServer.Data(Hello, Stop, "[DONE]"));
        using var factory = Factory();
        var request = new ModelRequest
        {
            Model = "gpt-x",
            Messages =
            [
                Message.Text(MessageRole.System, "Be brief."),
                new Message(MessageRole.User, [new TextPart("Look"), new ImagePart("image/png", new byte[] { 1, 2, 3 })]),
                new Message(MessageRole.Assistant, [new ReasoningPart("hm", null), new ToolCallPart("a", "one", "{}"), new ToolCallPart("b", "two", "{}")]),
                new Message(MessageRole.Tool, [new ToolResultPart("a", "one", "1", false), new ToolResultPart("b", "two", "no", true)]),
            ],
            Tools = [Tool("one"), Tool("two")],
            ToolChoice = ToolChoice.Required,
            MaxOutputTokens = 99,
            Temperature = 0.70m,
            OutputSchema = new JsonObject { ["type"] = "object" },
        };
        await factory.Create(Over("openai", new Uri(server.Uri, "/v1/"))).RunAsync(request);

        var received = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/v1/chat/completions"), (received.Method, received.Path));
        Assert.Equal("Bearer " + Canary, received.Headers["Authorization"]);
        const string Expected = """
            {"model":"gpt-x","messages":[
              {"role":"system","content":"Be brief."},
              {"role":"user","content":[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]},
              {"role":"assistant","content":null,"tool_calls":[
                {"id":"a","type":"function","function":{"name":"one","arguments":"{}"}},
                {"id":"b","type":"function","function":{"name":"two","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"a","content":"1"},
              {"role":"tool","tool_call_id":"b","content":"no"}],
             "tools":[
              {"type":"function","function":{"name":"one","description":"Does one.","parameters":{"type":"object"}}},
              {"type":"function","function":{"name":"two","description":"Does two.","parameters":{"type":"object"}}}],
             "tool_choice":"required","max_tokens":99,"temperature":0.70,
             "response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":false,"schema":{"type":"object"}}},
             "stream":true,"stream_options":{"include_usage":true}}
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Expected), JsonNode.Parse(received.Body)), received.Body);
    }

    [Fact]
    public async Task Parallel_tool_calls_are_merged_by_index()
    {
        var (events, _) = await AskAsync(LoopbackServer.Data(
            Call("""{"index":0,"id":"c0","type":"function","function":{"name":"one","arguments":""}}"""),
            Call("""{"index":1,"id":"c1","type":"function","function":{"name":"two","arguments":""}}"""),
            Call("""{"index":1,"function":{"arguments":"{\"b\":"}}"""),
            Call("""{"index":0,"function":{"arguments":"{\"a\":1}"}}"""),
            Call("""{"index":1,"function":{"arguments":"2}"}}"""),
            Finish("tool_calls"), Used, "[DONE]"));
        Assert.Equal([new("c0", "one", "{\"a\":1}"), new("c1", "two", "{\"b\":2}")], CallsOf(events));
        Assert.Equal(StopReason.ToolUse, EndOf(events).Reason);
    }

    [Theory]
    [InlineData("""{"index":0,"id":"c0","function":{"name":"one","arguments":"{}"}}""", """{"index":0,"id":"c1","function":{"name":"two","arguments":"{}"}}""")]
    [InlineData("""{"id":"c0","function":{"name":"one","arguments":"{}"}}""", """{"id":"c1","function":{"name":"two","arguments":"{}"}}""")]
    [InlineData("""{"id":"c0","function":{"name":"one","arguments":{}}}""", """{"index":1,"id":"c1","function":{"name":"two"}}""")]
    public async Task Compatible_servers_count_otherwise(string first, string second)
    {
        var (events, _) = await AskAsync(LoopbackServer.Data(Call(first), Call(second), Finish("stop"), "[DONE]"));
        Assert.Equal([new("c0", "one", "{}"), new("c1", "two", "{}")], CallsOf(events));
        Assert.Equal(StopReason.ToolUse, EndOf(events).Reason);
    }

    [Fact]
    public async Task Truncated_arguments_are_handed_on_as_they_are()
    {
        var (events, _) = await AskAsync(LoopbackServer.Data(
            Call("""{"index":0,"id":"c0","function":{"name":"one","arguments":"{\"a\": \"un"}}"""), Finish("length"), "[DONE]"));
        Assert.Equal("{\"a\": \"un", Assert.Single(CallsOf(events)).ArgumentsJson);
        Assert.Equal(StopReason.MaxTokens, EndOf(events).Reason);
        Assert.True(EndOf(events).Usage.IsEstimated);
    }

    [Theory]
    [InlineData("content_filter", StopReason.ContentFilter)]
    [InlineData("a_reason_of_tomorrow", StopReason.Other)]
    public async Task Stop_reasons_are_translated(string finish, StopReason expected)
    {
        var (events, _) = await AskAsync(LoopbackServer.Data(Hello, Finish(finish), "[DONE]"));
        Assert.Equal(expected, EndOf(events).Reason);
    }

    [Fact]
    public async Task Unknown_events_fields_and_comments_are_kept_out()
    {
        var (events, _) = await AskAsync(LoopbackServer.Events(
            ": keep-alive", "event: of-tomorrow\ndata: {\"x\":1}", "data: " + Hello, "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}",
            "data: {\"choices\":null,\"new\":[]}", "data: " + Stop, "data: [DONE]"));
        Assert.Equal("Hel", TextOf(events));
    }

    [Theory]
    [InlineData("stop", StopReason.EndTurn)]
    [InlineData(null, null)]
    public async Task A_stream_without_its_last_line_is_complete_only_with_a_finish_reason(string? finish, StopReason? expected)
    {
        using var server = new LoopbackServer(finish is null ? LoopbackServer.Data(Hello) : LoopbackServer.Data(Hello, Finish(finish)));
        using var factory = Factory();
        var provider = factory.Create(Over("openai", server.Uri));
        if (expected is null)
        {
            Assert.Equal(FaultKind.Interrupted, (await provider.FaultAsync(Ask("x"))).Kind);
        }
        else
        {
            Assert.Equal(expected, EndOf(await provider.RunAsync(Ask("x"))).Reason);
        }
    }

    [Fact]
    public async Task A_torn_connection_is_an_interruption()
    {
        var fault = await FaultAsync(LoopbackServer.Torn(Hello));
        Assert.Equal((FaultKind.Interrupted, "p"), (fault.Kind, fault.Provider));
    }

    [Fact]
    public async Task A_stall_ends_at_the_idle_time_out()
    {
        var fault = await FaultAsync(LoopbackServer.Stall(Hello), """{"timeouts":{"idleMs":150}}""");
        Assert.Equal(FaultKind.TimedOut, fault.Kind);
    }

    [Fact]
    public async Task An_error_within_the_stream_is_a_fault_of_this_provider()
    {
        var fault = await FaultAsync(LoopbackServer.Data(Hello, """{"error":{"code":"server_error","message":"The server had an error"}}"""));
        Assert.Equal((FaultKind.ServerError, "p"), (fault.Kind, fault.Provider));
    }

    [Theory]
    [InlineData(429, "insufficient_quota", "You exceeded your current quota, please check your plan", FaultKind.QuotaExhausted)]
    [InlineData(429, "rate_limit_exceeded", "Rate limit reached for requests", FaultKind.RateLimited)]
    [InlineData(429, null, "Your credit balance is too low", FaultKind.QuotaExhausted)]
    [InlineData(429, "billing_hard_limit_reached", "Billing hard limit has been reached", FaultKind.QuotaExhausted)]
    [InlineData(429, "429", "Requests have exceeded call rate limit of your current pricing tier. Go to https://aka.ms/oai/quotaincrease", FaultKind.RateLimited)]
    [InlineData(402, null, "Insufficient credits", FaultKind.QuotaExhausted)]
    [InlineData(401, "invalid_api_key", "Incorrect API key", FaultKind.Authentication)]
    [InlineData(403, null, "Country not supported", FaultKind.Authentication)]
    [InlineData(404, "model_not_found", "no such model", FaultKind.ModelNotFound)]
    [InlineData(400, "context_length_exceeded", "too long", FaultKind.ContextTooLong)]
    [InlineData(400, "content_filter", "filtered", FaultKind.ContentFiltered)]
    [InlineData(400, null, "This model's maximum context length is 4096 tokens", FaultKind.ContextTooLong)]
    [InlineData(400, null, "bad", FaultKind.InvalidRequest)]
    [InlineData(503, null, "busy", FaultKind.Overloaded)]
    [InlineData(500, null, "oops", FaultKind.ServerError)]
    [InlineData(302, null, "elsewhere", FaultKind.Protocol)]
    public async Task Errors_are_told_apart(int status, string? code, string message, FaultKind expected)
    {
        var body = JsonSerializer.Serialize(new { error = new { message, code, type = "t" } });
        var fault = await FaultAsync(LoopbackServer.Answer(status, body));
        Assert.Equal((expected, status, message), (fault.Kind, fault.Status, fault.Detail));
    }

    [Theory]
    [InlineData("Retry-After: 7", 7000)]
    [InlineData("Retry-After: 0.5", 500)]
    [InlineData("retry-after-ms: 120|retry-after: 9", 120)]
    [InlineData("x-ratelimit-remaining-requests: 0|x-ratelimit-reset-requests: 6m0s", 360000)]
    [InlineData("x-ratelimit-remaining-tokens: 0|x-ratelimit-reset-tokens: 20ms|x-ratelimit-remaining-requests: 5|x-ratelimit-reset-requests: 1h", 20)]
    [InlineData("x-ratelimit-remaining-requests: -1|x-ratelimit-remaining-tokens: 0|x-ratelimit-reset-tokens: 0", null)]
    [InlineData("x-ratelimit-remaining-requests: 0|x-ratelimit-reset-requests: soon", null)]
    [InlineData("Retry-After: -1", null)]
    public async Task The_wait_is_read_in_every_form(string headers, int? milliseconds)
    {
        var fault = await FaultAsync(LoopbackServer.Answer(429, "{}", "application/json", headers.Split('|')));
        Assert.Equal(milliseconds, (int?)fault.RetryAfter?.TotalMilliseconds);
    }

    [Fact]
    public async Task The_wait_is_read_as_a_date()
    {
        var date = DateTimeOffset.UtcNow.AddSeconds(100).ToString("r", System.Globalization.CultureInfo.InvariantCulture);
        var fault = await FaultAsync(LoopbackServer.Answer(429, "not json", "text/plain", "Retry-After: " + date));
        Assert.InRange(fault.RetryAfter!.Value.TotalSeconds, 80, 101);
    }

    [Fact]
    public async Task A_secret_that_comes_back_is_not_told()
    {
        var fault = await FaultAsync(LoopbackServer.Answer(401, $$$"""{"error":{"message":"Wrong key {{{Canary}}}."}}"""));
        Assert.Equal("Wrong key [redacted].", fault.Detail);
        var within = await FaultAsync(LoopbackServer.Data($$$"""{"error":{"message":"Wrong key {{{Canary}}}."}}"""));
        Assert.Equal("Wrong key [redacted].", within.Detail);
    }

    [Fact]
    public async Task Nobody_there_is_unreachable()
    {
        Uri uri;
        using (var server = new LoopbackServer(LoopbackServer.Data()))
        {
            uri = server.Uri;
        }

        using var factory = Factory();
        Assert.Equal(FaultKind.Unreachable, (await factory.Create(Over("openai", uri)).FaultAsync(Ask("x"))).Kind);
    }

    [Fact]
    public async Task Cancelling_ends_the_call_at_once()
    {
        using var server = new LoopbackServer(LoopbackServer.Stall(Hello));
        using var factory = Factory();
        using var cancel = new CancellationTokenSource();
        var seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in factory.Create(Over("openai", server.Uri)).StreamAsync(Ask("x"), cancel.Token))
            {
                seen++;
                await cancel.CancelAsync();
            }
        });
        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task An_answer_may_come_whole()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(200, Whole));
        using var factory = Factory();
        var events = await factory.Create(Over("openai", server.Uri)).RunAsync(Ask("x") with { Stream = false });
        Assert.Equal([new TextDelta("Hello"), new ModelCompleted(StopReason.EndTurn, new Usage(1, 1), "gpt-x", "r1")], events);
        Assert.DoesNotContain("stream", Assert.Single(server.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_json_is_a_protocol_fault() =>
        Assert.Equal(FaultKind.Protocol, (await FaultAsync(LoopbackServer.Data("<html>"))).Kind);

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"string"}}},"required":["a"],"additionalProperties":false}""", true)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}""", false)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object"}},"required":["a"],"additionalProperties":false}""", false)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}""", false)]
    public void Only_what_the_vendor_enforces_is_asked_for_strictly(string schema, bool expected) =>
        Assert.Equal(expected, Engine.Providers.OpenAI.StrictSchema.Fits(JsonNode.Parse(schema)!.AsObject()));

    private static string Call(string fragment) => $$$"""{"choices":[{"index":0,"delta":{"tool_calls":[{{{fragment}}}]}}]}""";

    private static string Finish(string reason) => $$$"""{"choices":[{"index":0,"delta":{},"finish_reason":"{{{reason}}}"}]}""";

    private static async Task<(List<ModelEvent> Events, string Body)> AskAsync(
        Func<LoopbackServer.Received, Stream, CancellationToken, Task> answer)
    {
        using var server = new LoopbackServer(answer);
        using var factory = Factory();
        var events = await factory.Create(Over("openai", server.Uri)).RunAsync(Ask("Hi"));
        return (events, server.Requests.First().Body);
    }

    private static async Task<ProviderFault> FaultAsync(
        Func<LoopbackServer.Received, Stream, CancellationToken, Task> answer, string? options = null)
    {
        using var server = new LoopbackServer(answer);
        using var factory = Factory();
        return await factory.Create(Over("openai", server.Uri, options)).FaultAsync(Ask("Hi"));
    }
}
