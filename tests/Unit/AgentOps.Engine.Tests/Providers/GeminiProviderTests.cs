using AgentOps.Engine.Providers;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Providers;

public class GeminiProviderTests
{
    private const string End = """{"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5,"thoughtsTokenCount":7,"cachedContentTokenCount":4},"modelVersion":"gemini-x","responseId":"r1"}""";

    private readonly AdapterTesting _adapter = new("gemini");

    [Fact]
    public async Task Calls_come_whole_with_stop_and_signatures_are_kept()
    {
        var (events, request) = await _adapter.AskAsync(LoopbackServer.Data(
            """{"candidates":[{"content":{"parts":[{"text":"thinking","thought":true}],"role":"model"},"index":0}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"Hel"}],"role":"model"},"index":0}],"newField":[1]}""",
            """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"one","args":{"a":1}},"thoughtSignature":"c2ln"},{"functionCall":{"id":"v2","name":"two"}}],"role":"model"},"index":0}]}""",
            """{"candidates":[{"content":{"parts":[{"text":"","thoughtSignature":"dGV4dA=="}]},"finishReason":"STOP"}]}""",
            End));
        Assert.Equal("/v1beta/models/m:streamGenerateContent?alt=sse", request.Path);
        Assert.Equal(Canary, request.Headers["x-goog-api-key"]);
        Assert.Equal(
        [
            new ReasoningDelta("thinking", null),
            new TextDelta("Hel"),
            new ToolCallProposed(new ToolCallPart("gemini-call-1-1", "one", "{\"a\":1}") { Signature = "c2ln" }),
            new ToolCallProposed(new ToolCallPart("v2", "two", "{}")),
            new TextDelta("") { Signature = "dGV4dA==" },
            new ModelCompleted(StopReason.ToolUse, new Usage(10, 12, 4, 0, 7), "gemini-x", "r1"),
        ],
            events);
    }

    [Fact]
    public async Task The_request_is_the_vendors_and_signatures_go_back_verbatim()
    {
        var (_, request) = await _adapter.AskAsync(LoopbackServer.Data(End), AdapterTesting.Everything);
        AdapterTesting.SameJson("""
            {"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[
              {"role":"user","parts":[{"text":"Look"},{"inlineData":{"mimeType":"image/png","data":"AQID"}}]},
              {"role":"model","parts":[
                {"text":"hm","thought":true,"thoughtSignature":"sig"},
                {"functionCall":{"name":"one","id":"a","args":{"x":1}},"thoughtSignature":"ts"},
                {"functionCall":{"name":"two","id":"b","args":{"malformed_arguments":"{broken"}}}]},
              {"role":"user","parts":[
                {"functionResponse":{"name":"one","id":"a","response":{"output":{"y":2}}}},
                {"functionResponse":{"name":"two","id":"b","response":{"error":"refused"}}}]}],
             "tools":[{"functionDeclarations":[
               {"name":"one","description":"Does one.","parametersJsonSchema":{"type":"object"}},
               {"name":"two","description":"Does two.","parametersJsonSchema":{"type":"object"}}]}],
             "toolConfig":{"functionCallingConfig":{"mode":"ANY"}},
             "generationConfig":{"maxOutputTokens":99,"temperature":0.7,"stopSequences":["END"],
               "responseMimeType":"application/json","responseJsonSchema":{"type":"object"}}}
            """, request.Body);
    }

    [Fact]
    public async Task A_malformed_call_has_no_content()
    {
        var (events, _) = await _adapter.AskAsync(LoopbackServer.Data("""{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL","index":0}]}"""));
        Assert.Equal(StopReason.Malformed, EndOf(events).Reason);
        Assert.Single(events);
    }

    [Fact]
    public async Task A_blocked_prompt_has_no_candidates()
    {
        var fault = await _adapter.FaultAsync(LoopbackServer.Data("""{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":3}}"""));
        Assert.Equal((FaultKind.ContentFiltered, "PROHIBITED_CONTENT"), (fault.Kind, fault.VendorCode));
    }

    [Theory]
    [InlineData("SAFETY", StopReason.ContentFilter)]
    [InlineData("MAX_TOKENS", StopReason.MaxTokens)]
    [InlineData("OF_TOMORROW", StopReason.Other)]
    public async Task Stop_reasons_are_translated(string reason, StopReason expected)
    {
        var chunk = $$$"""{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"{{{reason}}}"}]}""";
        Assert.Equal(expected, EndOf((await _adapter.AskAsync(LoopbackServer.Data(chunk))).Events).Reason);
    }

    [Fact]
    public async Task The_wait_is_in_the_details_and_a_limit_a_minute_is_no_end_of_quota()
    {
        const string Body = """
            {"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","status":"RESOURCE_EXHAUSTED","details":[
             {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel"}]},
             {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.07s"}]}}
            """;
        var fault = await _adapter.FaultAsync(LoopbackServer.Answer(429, Body));
        Assert.Equal((FaultKind.RateLimited, TimeSpan.FromSeconds(34.07)), (fault.Kind, fault.RetryAfter));
        var daily = await _adapter.FaultAsync(LoopbackServer.Answer(429, Body.Replace("PerMinute", "PerDay", StringComparison.Ordinal)));
        Assert.Equal(FaultKind.QuotaExhausted, daily.Kind);
    }

    [Theory]
    [InlineData(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", FaultKind.Authentication)]
    [InlineData(400, "INVALID_ARGUMENT", "The input token count (2000000) exceeds the maximum", FaultKind.ContextTooLong)]
    [InlineData(400, "INVALID_ARGUMENT", "bad", FaultKind.InvalidRequest)]
    [InlineData(403, "PERMISSION_DENIED", "no", FaultKind.Authentication)]
    [InlineData(404, "NOT_FOUND", "no such model", FaultKind.ModelNotFound)]
    [InlineData(503, "UNAVAILABLE", "overloaded", FaultKind.Overloaded)]
    [InlineData(500, "INTERNAL", "oops", FaultKind.ServerError)]
    public async Task Errors_are_told_apart(int status, string name, string message, FaultKind expected)
    {
        var body = $$$"""{"error":{"code":{{{status}}},"message":"{{{message}}}","status":"{{{name}}}"}}""";
        Assert.Equal(expected, (await _adapter.FaultAsync(LoopbackServer.Answer(status, body))).Kind);
        Assert.Equal(expected, (await _adapter.FaultAsync(LoopbackServer.Answer(status, $"[{body}]"))).Kind);
        Assert.Equal(expected, (await _adapter.FaultAsync(LoopbackServer.Data(body))).Kind);
    }

    [Fact]
    public async Task A_stream_without_a_finish_reason_is_an_interruption() =>
        Assert.Equal(FaultKind.Interrupted,
            (await _adapter.FaultAsync(LoopbackServer.Data("""{"candidates":[{"content":{"parts":[{"text":"Hel"}]}}]}"""))).Kind);

    [Fact]
    public async Task An_answer_may_come_whole()
    {
        var (events, request) = await _adapter.AskAsync(LoopbackServer.Answer(200, End.Replace("\"text\":\"\"", "\"text\":\"Hi\"", StringComparison.Ordinal)), Ask("x") with { Stream = false });
        Assert.Equal("/v1beta/models/m:generateContent", request.Path);
        Assert.Equal([new TextDelta("Hi"), new ModelCompleted(StopReason.EndTurn, new Usage(10, 12, 4, 0, 7), "gemini-x", "r1")], events);
    }
}
