using AgentOps.Engine.Providers;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Providers;

public class AnthropicProviderTests
{
    private const string Start = """event: message_start|{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":3,"cache_read_input_tokens":100,"output_tokens":1}}}""";
    private const string Stop = """event: message_stop|{"type":"message_stop"}""";

    private readonly AdapterTesting _adapter = new("anthropic");

    [Fact]
    public async Task Text_thinking_tools_and_cumulative_usage_come_from_the_stream()
    {
        var (events, _) = await _adapter.AskAsync(Stream(
            Start,
            """event: ping|{"type":"ping"}""",
            """event: content_block_start|{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """event: content_block_delta|{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}""",
            """event: content_block_delta|{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"sig"}}""",
            """event: content_block_stop|{"type":"content_block_stop","index":0}""",
            """event: content_block_start|{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"xyz"}}""",
            """event: content_block_stop|{"type":"content_block_stop","index":1}""",
            """event: content_block_start|{"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}""",
            """event: content_block_delta|{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"Hello"}}""",
            """event: content_block_stop|{"type":"content_block_stop","index":2}""",
            """event: of_tomorrow|{"type":"of_tomorrow","index":9}""",
            """event: content_block_start|{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"t1","name":"one","input":{}}}""",
            """event: content_block_delta|{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}}""",
            """event: content_block_delta|{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}""",
            """event: content_block_delta|{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":" 1}"}}""",
            """event: content_block_stop|{"type":"content_block_stop","index":3}""",
            """event: content_block_start|{"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"t2","name":"two","input":{}}}""",
            """event: content_block_stop|{"type":"content_block_stop","index":4}""",
            """event: message_delta|{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":20}}""",
            """event: message_delta|{"type":"message_delta","delta":{},"usage":{"output_tokens":25,"output_tokens_details":{"thinking_tokens":5}}}""",
            Stop));

        Assert.Equal(
        [
            new ReasoningDelta("hm", null),
            new ReasoningDelta("", "sig"),
            new ReasoningDelta("", "xyz") { Redacted = true },
            new TextDelta("Hello"),
            new ToolCallProposed(new ToolCallPart("t1", "one", "{\"a\": 1}")),
            new ToolCallProposed(new ToolCallPart("t2", "two", "{}")),
            new ModelCompleted(StopReason.ToolUse, new Usage(113, 25, 100, 3, 5), "claude-x", "msg_1"),
        ],
            events);
    }

    [Fact]
    public async Task The_request_has_a_limit_and_all_results_in_one_message()
    {
        var (_, request) = await _adapter.AskAsync(Stream(Start, Stop), AdapterTesting.Everything);
        Assert.Equal(("/v1/messages", Canary, "2023-06-01"),
            (request.Path, request.Headers["x-api-key"], request.Headers["anthropic-version"]));
        AdapterTesting.SameJson("""
            {"model":"m","max_tokens":99,"system":"Be brief.","messages":[
              {"role":"user","content":[{"type":"text","text":"Look"},
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}}]},
              {"role":"assistant","content":[
                {"type":"thinking","thinking":"hm","signature":"sig"},
                {"type":"tool_use","id":"a","name":"one","input":{"x":1}},
                {"type":"tool_use","id":"b","name":"two","input":{"malformed_arguments":"{broken"}}]},
              {"role":"user","content":[
                {"type":"tool_result","tool_use_id":"a","content":"{\"y\":2}"},
                {"type":"tool_result","tool_use_id":"b","content":"refused","is_error":true}]}],
             "tools":[
              {"name":"one","description":"Does one.","input_schema":{"type":"object"}},
              {"name":"two","description":"Does two.","input_schema":{"type":"object"}}],
             "tool_choice":{"type":"any"},"temperature":0.7,"stop_sequences":["END"],
             "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},"stream":true}
            """, request.Body);
        var (_, plain) = await _adapter.AskAsync(Stream(Start, Stop));
        Assert.True(ParseJson(plain.Body).GetProperty("max_tokens").GetInt32() > 0);
    }

    [Theory]
    [InlineData("end_turn", StopReason.EndTurn)]
    [InlineData("stop_sequence", StopReason.EndTurn)]
    [InlineData("max_tokens", StopReason.MaxTokens)]
    [InlineData("pause_turn", StopReason.Paused)]
    [InlineData("refusal", StopReason.Refusal)]
    [InlineData("model_context_window_exceeded", StopReason.ContextWindowExceeded)]
    [InlineData("of_tomorrow", StopReason.Other)]
    public async Task Stop_reasons_are_translated(string reason, StopReason expected)
    {
        var delta = $$$"""event: message_delta|{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}"},"usage":{"output_tokens":2}}""";
        Assert.Equal(expected, EndOf((await _adapter.AskAsync(Stream(Start, delta, Stop))).Events).Reason);
    }

    [Theory]
    [InlineData("overloaded_error", "Overloaded", FaultKind.Overloaded)]
    [InlineData("api_error", "Internal", FaultKind.ServerError)]
    [InlineData("rate_limit_error", "slow down", FaultKind.RateLimited)]
    public async Task An_error_event_after_success_is_a_fault(string type, string message, FaultKind expected)
    {
        var error = $$$"""event: error|{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"}}""";
        Assert.Equal(expected, (await _adapter.FaultAsync(Stream(Start, error))).Kind);
    }

    [Theory]
    [InlineData(529, "overloaded_error", "Overloaded", FaultKind.Overloaded)]
    [InlineData(429, "rate_limit_error", "This request would exceed your rate limit of 5 requests per minute", FaultKind.RateLimited)]
    [InlineData(429, "rate_limit_error", "You have reached your specified API usage limits: monthly spend limit", FaultKind.QuotaExhausted)]
    [InlineData(400, "invalid_request_error", "Your credit balance is too low to access the API", FaultKind.QuotaExhausted)]
    [InlineData(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", FaultKind.ContextTooLong)]
    [InlineData(400, "invalid_request_error", "max_tokens: Field required", FaultKind.InvalidRequest)]
    [InlineData(401, "authentication_error", "invalid x-api-key", FaultKind.Authentication)]
    [InlineData(404, "not_found_error", "model: x", FaultKind.ModelNotFound)]
    [InlineData(402, "billing_error", "pay", FaultKind.QuotaExhausted)]
    public async Task Errors_are_told_apart(int status, string type, string message, FaultKind expected)
    {
        var body = $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"},"request_id":"r"}""";
        var fault = await _adapter.FaultAsync(LoopbackServer.Answer(status, body, "application/json", "retry-after: 3"));
        Assert.Equal((expected, message, TimeSpan.FromSeconds(3)), (fault.Kind, fault.Detail, fault.RetryAfter));
    }

    [Fact]
    public async Task A_stream_without_its_end_is_an_interruption()
    {
        Assert.Equal(FaultKind.Interrupted, (await _adapter.FaultAsync(Stream(Start))).Kind);
        Assert.Equal(FaultKind.Interrupted, (await _adapter.FaultAsync(LoopbackServer.Torn(Start.Split('|')[1]))).Kind);
    }

    [Fact]
    public async Task An_answer_may_come_whole()
    {
        var (events, _) = await _adapter.AskAsync(LoopbackServer.Answer(200, """
            {"id":"m1","type":"message","role":"assistant","model":"claude-x","stop_reason":"tool_use","content":[
             {"type":"text","text":"Hi"},{"type":"tool_use","id":"t","name":"one","input":{"a":1}}],
             "usage":{"input_tokens":5,"output_tokens":6}}
            """), Ask("x") with { Stream = false });
        Assert.Equal(
        [
            new TextDelta("Hi"),
            new ToolCallProposed(new ToolCallPart("t", "one", "{\"a\":1}")),
            new ModelCompleted(StopReason.ToolUse, new Usage(5, 6), "claude-x", "m1"),
        ],
            events);
    }

    private static Func<LoopbackServer.Received, Stream, CancellationToken, Task> Stream(params string[] events) =>
        LoopbackServer.Events([.. events.Select(item => item.Replace("|", "\ndata: ", StringComparison.Ordinal))]);
}
