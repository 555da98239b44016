using System.Text;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Bedrock;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Providers;

public class BedrockProviderTests
{
    private readonly AdapterTesting _adapter = new("bedrock", """{"region":"eu-central-1"}""");

    [Fact]
    public async Task Frames_are_read_to_the_end_where_usage_is()
    {
        var (events, request) = await _adapter.AskAsync(Frames(
            Event("messageStart", """{"role":"assistant"}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"sig"}}}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"text":"Hello"}}"""),
            Event("contentBlockStop", """{"contentBlockIndex":1}"""),
            Event("contentBlockStart", """{"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"t1","name":"one"}}}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":2,"delta":{"toolUse":{"input":"{\"a\":"}}}"""),
            Event("contentBlockDelta", """{"contentBlockIndex":2,"delta":{"toolUse":{"input":"1}"}}}"""),
            Event("contentBlockStop", """{"contentBlockIndex":2}"""),
            Event("contentBlockStart", """{"contentBlockIndex":3,"start":{"toolUse":{"toolUseId":"t2","name":"two"}}}"""),
            Event("contentBlockStop", """{"contentBlockIndex":3}"""),
            Event("ofTomorrow", "{}"),
            Event("messageStop", """{"stopReason":"tool_use"}"""),
            Event("metadata", """{"usage":{"inputTokens":10,"outputTokens":5,"totalTokens":15,"cacheReadInputTokens":100,"cacheWriteInputTokens":3},"metrics":{"latencyMs":1}}""")));
        Assert.Equal("/model/m/converse-stream", request.Path);
        Assert.Equal("Bearer " + Canary, request.Headers["Authorization"]);
        Assert.Equal(
        [
            new ReasoningDelta("hm", null),
            new ReasoningDelta("", "sig"),
            new TextDelta("Hello"),
            new ToolCallProposed(new ToolCallPart("t1", "one", "{\"a\":1}")),
            new ToolCallProposed(new ToolCallPart("t2", "two", "{}")),
            new ModelCompleted(StopReason.ToolUse, new Usage(113, 5, 100, 3), "m", null),
        ],
            events);
    }

    [Fact]
    public async Task The_request_is_the_vendors()
    {
        var (_, request) = await _adapter.AskAsync(Frames(Event("messageStop", """{"stopReason":"end_turn"}""")), AdapterTesting.Everything);
        AdapterTesting.SameJson("""
            {"messages":[
              {"role":"user","content":[{"text":"Look"},{"image":{"format":"png","source":{"bytes":"AQID"}}}]},
              {"role":"assistant","content":[
                {"reasoningContent":{"reasoningText":{"text":"hm","signature":"sig"}}},
                {"toolUse":{"toolUseId":"a","name":"one","input":{"x":1}}},
                {"toolUse":{"toolUseId":"b","name":"two","input":{"malformed_arguments":"{broken"}}}]},
              {"role":"user","content":[
                {"toolResult":{"toolUseId":"a","content":[{"text":"{\"y\":2}"}],"status":"success"}},
                {"toolResult":{"toolUseId":"b","content":[{"text":"refused"}],"status":"error"}}]}],
             "system":[{"text":"Be brief."}],
             "inferenceConfig":{"maxTokens":99,"temperature":0.7,"stopSequences":["END"]},
             "toolConfig":{"tools":[
               {"toolSpec":{"name":"one","description":"Does one.","inputSchema":{"json":{"type":"object"}}}},
               {"toolSpec":{"name":"two","description":"Does two.","inputSchema":{"json":{"type":"object"}}}}],"toolChoice":{"any":{}}},
             "outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{\"type\":\"object\"}","name":"answer"}}}}}
            """, request.Body);
    }

    [Fact]
    public async Task A_whole_answer_has_tool_input_as_an_object()
    {
        var (events, request) = await _adapter.AskAsync(LoopbackServer.Answer(200, """
            {"output":{"message":{"role":"assistant","content":[{"text":"Hi"},{"toolUse":{"toolUseId":"t","name":"one","input":{"a":1}}}]}},
             "stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3}}
            """), Ask("x") with { Stream = false, Model = "a.b-v1:0" });
        Assert.Equal("/model/a.b-v1%3A0/converse", request.Path);
        Assert.Equal([new TextDelta("Hi"), new ToolCallProposed(new ToolCallPart("t", "one", "{\"a\":1}")),
            new ModelCompleted(StopReason.ToolUse, new Usage(1, 2), "a.b-v1:0", null)], events);
    }

    [Theory]
    [InlineData("throttlingException", FaultKind.RateLimited)]
    [InlineData("modelStreamErrorException", FaultKind.ServerError)]
    [InlineData("serviceUnavailableException", FaultKind.Overloaded)]
    public async Task An_exception_in_mid_stream_is_a_fault(string name, FaultKind expected)
    {
        var exception = Frame(new() { [":message-type"] = "exception", [":exception-type"] = name }, """{"message":"no"}""");
        var fault = await _adapter.FaultAsync(Frames(Event("messageStart", "{}"), exception));
        Assert.Equal((expected, "no"), (fault.Kind, fault.Detail));
    }

    [Theory]
    [InlineData(429, "ThrottlingException:http://internal.amazon.com/", "Too many requests", FaultKind.RateLimited)]
    [InlineData(429, "ThrottlingException", "Too many tokens per day, please wait before trying again.", FaultKind.QuotaExhausted)]
    [InlineData(400, "ServiceQuotaExceededException", "quota", FaultKind.QuotaExhausted)]
    [InlineData(400, "ValidationException", "Input is too long for requested model.", FaultKind.ContextTooLong)]
    [InlineData(400, "ValidationException", "bad", FaultKind.InvalidRequest)]
    [InlineData(403, "AccessDeniedException", "no", FaultKind.Authentication)]
    [InlineData(408, "ModelTimeoutException", "slow", FaultKind.TimedOut)]
    [InlineData(424, "ModelErrorException", "bad", FaultKind.ServerError)]
    public async Task Errors_are_told_apart(int status, string type, string message, FaultKind expected)
    {
        var body = $$"""{"message":"{{message}}"}""";
        Assert.Equal(expected, (await _adapter.FaultAsync(LoopbackServer.Answer(status, body, "application/json", "x-amzn-ErrorType: " + type))).Kind);
    }

    [Fact]
    public async Task A_damaged_frame_is_a_protocol_fault_and_a_short_one_an_interruption()
    {
        var good = Event("messageStart", "{}");
        for (var index = 0; index < good.Length; index++)
        {
            var damaged = good.ToArray();
            damaged[index] ^= 0x40;
            await Assert.ThrowsAnyAsync<Exception>(async () => await EventStreamMessage.ReadAsync(new MemoryStream(damaged), default));
        }

        var flipped = good.ToArray();
        flipped[^5] ^= 1;
        Assert.Equal(FaultKind.Protocol, (await _adapter.FaultAsync(Frames(flipped))).Kind);
        Assert.Equal(FaultKind.Interrupted, (await _adapter.FaultAsync(Frames(good[..^3]))).Kind);
        Assert.Equal(FaultKind.Interrupted, (await _adapter.FaultAsync(Frames(good))).Kind);
    }

    [Fact]
    public async Task A_frame_survives_the_round_trip()
    {
        var bytes = Event("a", "{\"x\":\"ü\"}");
        var frame = await EventStreamMessage.ReadAsync(new MemoryStream(bytes), default);
        Assert.Equal(("a", "{\"x\":\"ü\"}"), (frame!.Header(":event-type"), Encoding.UTF8.GetString(frame.Payload.Span)));
        Assert.Equal(bytes, frame.Encode());
    }

    [Fact]
    public void The_checksum_is_zlibs() => Assert.Equal(0xCBF43926, Crc32.Compute("123456789"u8));

    // The first is post-vanilla of AWS's signature test suite; the others were computed with AWS's SDK for JavaScript.
    [Theory]
    [InlineData("us-east-1", "service", "/", "", null, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("us-east-1", "bedrock", "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse", "{\"messages\":[]}", null, "cf77483b289c92f6aedecff7533d8ccf5d110d81285f5034b63b8aa4ad1c25ed")]
    [InlineData("eu-west-1", "bedrock", "/model/m/converse-stream", "{}", "TOKEN", "488e40c76262f2a4640164651852c7942a67585e708881b0ec736742c15395f5")]
    public void Signatures_are_awss(string region, string service, string path, string body, string? token, string expected)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "https://example.amazonaws.com" + path);
        new SignatureV4(region, service).Sign(
            message,
            Encoding.UTF8.GetBytes(body),
            new AwsCredential("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token),
            new DateTimeOffset(2015, 8, 30, 12, 36, 0, TimeSpan.Zero));
        Assert.EndsWith("Signature=" + expected, message.Headers.NonValidated["Authorization"].ToString(), StringComparison.Ordinal);
    }

    private static Func<LoopbackServer.Received, Stream, CancellationToken, Task> Frames(params byte[][] frames) =>
        LoopbackServer.Bytes(200, "application/vnd.amazon.eventstream", [.. frames.SelectMany(frame => frame)]);

    private static byte[] Event(string type, string payload) =>
        Frame(new() { [":message-type"] = "event", [":event-type"] = type, [":content-type"] = "application/json" }, payload);

    private static byte[] Frame(Dictionary<string, string> headers, string payload) =>
        new EventStreamMessage(headers, Encoding.UTF8.GetBytes(payload)).Encode();
}
