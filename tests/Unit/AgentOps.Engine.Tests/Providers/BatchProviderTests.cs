using AgentOps.Engine.Providers;
using static AgentOps.Engine.Tests.Providers.AdapterTesting;
using static AgentOps.Engine.Tests.Providers.LoopbackServer;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Providers;

/// <summary>The batch interfaces, from the vendors' documented formats.</summary>
public class BatchProviderTests
{
    private static readonly BatchTrace Trace = new("b1", 5, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), new HashSet<string> { "known" });

    private static readonly BatchItem[] Items = [.. Enumerable.Range(0, 5).Select(index => new BatchItem($"p{index}", Ask($"prompt {index}")))];

    [Fact]
    public async Task OpenAI_takes_a_file_of_lines_and_a_batch_over_it()
    {
        using var server = new LoopbackServer(
            Answer(200, """{"id":"file-1","object":"file","purpose":"batch"}"""),
            Answer(200, """{"id":"batch_1","object":"batch","status":"validating"}"""));
        using var factory = Factory();
        var id = await Batches(factory, "openai", server).SubmitAsync(Items[..2], "b1", default);

        Assert.Equal("batch_1", id);
        var sent = server.Requests.ToArray();
        Assert.Equal(["POST /files", "POST /batches"], sent.Select(request => $"{request.Method} {request.Path}"));
        Assert.All(sent, request => Assert.Equal($"Bearer {Canary}", request.Headers["Authorization"]));
        Assert.Contains("name=purpose", sent[0].Body, StringComparison.Ordinal);
        var lines = sent[0].Body.Split('\n').Where(line => line.StartsWith('{')).ToArray();
        Assert.Equal(2, lines.Length);
        SameJson("""
            {"custom_id":"p1","method":"POST","url":"/v1/chat/completions",
             "body":{"model":"m","messages":[{"role":"user","content":"prompt 1"}]}}
            """, lines[1]);
        SameJson("""
            {"input_file_id":"file-1","endpoint":"/v1/chat/completions","completion_window":"24h","metadata":{"agentops_batch":"b1"}}
            """, sent[1].Body);
    }

    [Fact]
    public async Task OpenAI_gives_answers_and_errors_in_two_files_in_any_order()
    {
        using var server = new LoopbackServer(
            Answer(200, """{"id":"batch_1","status":"expired","output_file_id":"file-o","error_file_id":"file-e","request_counts":{"total":5,"completed":1,"failed":1}}"""),
            Answer(200, """
                {"id":"batch_req_1","custom_id":"p3","response":{"status_code":200,"request_id":"r","body":{"id":"c","object":"chat.completion","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"three"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9,"prompt_tokens_details":{"cached_tokens":4}}}},"error":null}

                """, "application/octet-stream"),
            Answer(200, """
                {"id":"batch_req_2","custom_id":"p0","response":{"status_code":400,"request_id":"r","body":{"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}}},"error":null}
                {"id":"batch_req_3","custom_id":"p1","response":null,"error":{"code":"batch_expired","message":"This request could not be executed before the completion window expired."}}
                {"id":"batch_req_4","custom_id":"p2","response":null,"error":{"code":"batch_cancelled","message":"cancelled"}}
                {"id":"batch_req_5","custom_id":"not ours","response":null,"error":{"code":"x","message":"y"}}
                """, "application/octet-stream"));
        using var factory = Factory();
        var results = await Batches(factory, "openai", server).ReadAsync("batch_1", Items, default);

        Assert.Equal(["GET /batches/batch_1", "GET /files/file-o/content", "GET /files/file-e/content"], server.Requests.Select(request => $"{request.Method} {request.Path}"));
        Assert.Equal(["p0", "p1", "p2", "p3", "p4"], results.Select(result => result.Id));
        Assert.Equal(
            [BatchOutcome.Failed, BatchOutcome.Expired, BatchOutcome.Cancelled, BatchOutcome.Answered, BatchOutcome.Expired],
            results.Select(result => result.Outcome));
        Assert.Equal(FaultKind.ContextTooLong, results[0].Fault!.Kind);
        Assert.Equal(("three", new Usage(7, 2, 4)), (results[3].Message!.TextContent, results[3].Completion!.Usage));
    }

    [Fact]
    public async Task OpenAI_that_refuses_the_whole_file_says_why_for_each_prompt()
    {
        using var server = new LoopbackServer(Answer(200,
            """{"id":"b","status":"failed","errors":{"object":"list","data":[{"code":"model_not_found","message":"The model does not exist.","param":"body.model","line":1}]}}"""));
        using var factory = Factory();
        var batches = Batches(factory, "openai", server);

        Assert.True((await batches.GetAsync("b", default)).IsEnded);
        Assert.All(await batches.ReadAsync("b", Items, default), result =>
            Assert.Equal((BatchOutcome.Failed, "The model does not exist."), (result.Outcome, result.Fault!.Detail)));
    }

    [Theory]
    [InlineData("validating", false)]
    [InlineData("in_progress", false)]
    [InlineData("finalizing", false)]
    [InlineData("cancelling", false)]
    [InlineData("completed", true)]
    [InlineData("failed", true)]
    [InlineData("expired", true)]
    [InlineData("cancelled", true)]
    public async Task OpenAI_has_ended_or_has_not(string status, bool ended)
    {
        using var server = new LoopbackServer(Answer(200,
            $$$"""{"id":"b","status":"{{{status}}}","expires_at":1700000000,"request_counts":{"total":5,"completed":2,"failed":1}}"""));
        using var factory = Factory();
        var progress = await Batches(factory, "openai", server).GetAsync("b", default);
        Assert.Equal(new BatchProgress(ended, 3, status) { Expires = DateTimeOffset.FromUnixTimeSeconds(1700000000) }, progress);
    }

    [Fact]
    public async Task Anthropic_takes_the_requests_in_one_body()
    {
        using var server = new LoopbackServer(Answer(200, """{"id":"msgbatch_1","type":"message_batch","processing_status":"in_progress"}"""));
        using var factory = Factory();
        Assert.Equal("msgbatch_1", await Batches(factory, "anthropic", server).SubmitAsync(Items[..2], "b1", default));
        var sent = server.Requests.Single();
        Assert.Equal(("POST /v1/messages/batches", Canary, "2023-06-01"), ($"{sent.Method} {sent.Path}", sent.Headers["x-api-key"], sent.Headers["anthropic-version"]));
        SameJson("""
            {"requests":[
              {"custom_id":"b1_p0","params":{"model":"m","max_tokens":8192,"messages":[{"role":"user","content":[{"type":"text","text":"prompt 0"}]}]}},
              {"custom_id":"b1_p1","params":{"model":"m","max_tokens":8192,"messages":[{"role":"user","content":[{"type":"text","text":"prompt 1"}]}]}}]}
            """, sent.Body);
    }

    [Fact]
    public async Task Anthropic_gives_each_outcome_a_line_and_its_key_follows_no_address()
    {
        using var server = new LoopbackServer(
            Answer(200, """
                {"id":"msgbatch_1","type":"message_batch","processing_status":"ended","request_counts":{"processing":0,"succeeded":1,"errored":1,"canceled":1,"expired":1},
                 "expires_at":"2026-01-02T03:04:05.678+00:00","results_url":"http://elsewhere.invalid/steal"}
                """),
            Answer(200, """
                {"custom_id":"b1_p4","result":{"type":"succeeded","message":{"id":"msg","type":"message","role":"assistant","model":"m-1","content":[{"type":"text","text":"four"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":5,"cache_read_input_tokens":3,"output_tokens":2}}}}
                {"custom_id":"p0","result":{"type":"errored","error":{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens"}}}}
                {"custom_id":"b1_p1","result":{"type":"expired"}}
                {"custom_id":"p2","result":{"type":"canceled"}}
                """, "application/x-jsonl"));
        using var factory = Factory();
        var batches = Batches(factory, "anthropic", server);
        var progress = await batches.GetAsync("msgbatch_1", default);
        var results = await batches.ReadAsync("msgbatch_1", Items, default);

        Assert.Equal((true, 4, new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero)), (progress.IsEnded, progress.Done, progress.Expires!.Value));
        Assert.Equal("/v1/messages/batches/msgbatch_1/results", server.Requests.Last().Path);
        Assert.Equal(
            [BatchOutcome.Failed, BatchOutcome.Expired, BatchOutcome.Cancelled, BatchOutcome.Failed, BatchOutcome.Answered],
            results.Select(result => result.Outcome));
        Assert.Equal(FaultKind.ContextTooLong, results[0].Fault!.Kind);
        Assert.Equal(("four", new Usage(8, 2, 3)), (results[4].Message!.TextContent, results[4].Completion!.Usage));
    }

    [Theory]
    [InlineData("openai", "POST /batches/b%2F1/cancel")]
    [InlineData("anthropic", "POST /v1/messages/batches/b%2F1/cancel")]
    [InlineData("azure-openai", "POST /openai/batches/b%2F1/cancel?api-version=2024-10-21")]
    [InlineData("gemini", "POST /v1beta/b/1:cancel")]
    public async Task A_batch_is_cancelled_by_its_own_path(string kind, string expected)
    {
        using var server = new LoopbackServer(Answer(200, """{"id":"b/1"}"""));
        using var factory = Factory();
        await Batches(factory, kind, server).CancelAsync("b/1", default);
        Assert.Equal(expected, $"{server.Requests.Single().Method} {server.Requests.Single().Path}");
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("azure-openai")]
    [InlineData("gemini")]
    public async Task What_fails_is_a_fault_without_the_secret(string kind)
    {
        using var server = new LoopbackServer(
            Answer(401, $$$"""{"type":"error","error":{"type":"authentication_error","message":"bad key {{{Canary}}}"}}"""),
            Answer(200, $"nonsense {Canary}"));
        using var factory = Factory();
        var batches = Batches(factory, kind, server);
        var refused = (await Assert.ThrowsAsync<ProviderFaultException>(() => batches.SubmitAsync(Items, "b", default))).Fault;
        Assert.Equal((FaultKind.Authentication, "p", 401), (refused.Kind, refused.Provider, refused.Status));
        var garbled = (await Assert.ThrowsAsync<ProviderFaultException>(() => batches.GetAsync("b", default))).Fault;
        Assert.Equal(FaultKind.Protocol, garbled.Kind);
        Assert.DoesNotContain(Canary, refused.Detail + garbled.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAI_is_searched_by_our_name_page_by_page_until_the_batches_are_too_old()
    {
        static string Page(string id, long created, string more, string name = "other") =>
            $$$"""{"object":"list","data":[{"id":"{{{id}}}","created_at":{{{created}}},"metadata":{"agentops_batch":"{{{name}}}"}},{"id":"{{{id}}}x","created_at":{{{created}}},"metadata":null}],"has_more":{{{more}}}}""";
        var submitted = Trace.Submitted.ToUnixTimeSeconds();
        using var server = new LoopbackServer(
            Answer(200, Page("a", submitted + 50, "true")),
            Answer(200, Page("b", submitted + 1, "true", "b1")),
            Answer(200, Page("c", submitted, "true")),
            Answer(200, Page("d", submitted - 7200, "true")),
            Answer(200, Page("e", submitted, "false")));
        using var factory = Factory();
        var batches = Batches(factory, "openai", server);
        Assert.Equal(BatchSearch.Found("b"), await batches.FindAsync(Trace, default));
        Assert.Equal(BatchSearch.Absent, await batches.FindAsync(Trace, default));
        Assert.Equal(BatchSearch.Absent, await batches.FindAsync(Trace, default));
        Assert.Equal(
            ["/batches?limit=100", "/batches?limit=100&after=ax", "/batches?limit=100", "/batches?limit=100&after=cx", "/batches?limit=100"],
            server.Requests.Select(request => request.Path));
        Assert.All(server.Requests, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public async Task Anthropic_is_searched_by_size_and_time_and_decided_by_the_first_result()
    {
        var time = Trace.Submitted.AddSeconds(3);
        string Batch(string id, string status, DateTimeOffset created, int count = 5) =>
            $$$"""{"id":"{{{id}}}","processing_status":"{{{status}}}","created_at":"{{{created:O}}}","request_counts":{"processing":{{{(status == "ended" ? 0 : count)}}},"succeeded":{{{(status == "ended" ? count : 0)}}},"errored":0,"canceled":0,"expired":0}}""";
        string List(params string[] batches) => $$$"""{"data":[{{{string.Join(',', batches)}}}],"has_more":false,"first_id":null,"last_id":"z"}""";
        using var server = new LoopbackServer(
            Answer(200, List(Batch("young", "ended", time.AddDays(2)), Batch("known", "ended", time), Batch("large", "ended", time, 6), Batch("theirs", "ended", time), Batch("ours", "ended", time), Batch("old", "ended", time.AddHours(-2)))),
            Answer(200, """{"custom_id":"b2_p0","result":{"type":"expired"}}""" + "\n", "application/x-jsonl"),
            Answer(200, """{"custom_id":"b1_p3","result":{"type":"expired"}}""" + "\n", "application/x-jsonl"),
            Answer(200, List(Batch("running", "in_progress", time))),
            Answer(200, List(Batch("large", "in_progress", time, 6))));
        using var factory = Factory();
        var batches = Batches(factory, "anthropic", server);
        Assert.Equal(BatchSearch.Found("ours"), await batches.FindAsync(Trace, default));
        Assert.Contains("1 of the same size and time runs there", (await batches.FindAsync(Trace, default)).Why, StringComparison.Ordinal);
        Assert.Equal(BatchSearch.Absent, await batches.FindAsync(Trace, default));
        Assert.Equal(["/v1/messages/batches/theirs/results", "/v1/messages/batches/ours/results"], server.Requests.Select(request => request.Path).Where(path => path.EndsWith("results", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_batch_at_Anthropic_whose_results_are_gone_hides_no_other()
    {
        string Batch(string id) => $$$"""{"id":"{{{id}}}","processing_status":"ended","created_at":"{{{Trace.Submitted:O}}}","request_counts":{"succeeded":5}}""";
        var list = Answer(200, $$$"""{"data":[{{{Batch("gone")}}},{{{Batch("ours")}}}],"has_more":false,"last_id":"z"}""");
        var gone = Answer(404, """{"type":"error","error":{"type":"not_found_error","message":"archived"}}""");
        using var server = new LoopbackServer(list, gone, Answer(200, """{"custom_id":"b1_p3","result":{}}"""), list, gone, gone);
        using var factory = Factory();
        var batches = Batches(factory, "anthropic", server);

        Assert.Equal(BatchSearch.Found("ours"), await batches.FindAsync(Trace, default));
        Assert.Contains("2 of the same size and time", (await batches.FindAsync(Trace, default)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Azure_names_no_file_with_an_empty_text()
    {
        using var server = new LoopbackServer(
            Answer(200, """{"id":"b","status":"completed","output_file_id":"file-o","error_file_id":""}"""),
            Answer(200, """{"custom_id":"p0","response":null,"error":{"code":"x","message":"y"}}""", "application/octet-stream"));
        using var factory = Factory();

        Assert.Equal("y", Assert.Single(await Batches(factory, "azure-openai", server).ReadAsync("b", Items[..1], default)).Fault!.Detail);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Azure_waits_for_its_file_and_names_deployments()
    {
        using var server = new LoopbackServer(
            Answer(201, """{"id":"file-1","object":"file","status":"pending"}"""),
            Answer(200, """{"id":"file-1","object":"file","status":"processed"}"""),
            Answer(200, """{"id":"batch_1","object":"batch","status":"validating"}"""));
        using var factory = Factory();
        Assert.Equal("batch_1", await Batches(factory, "azure-openai", server).SubmitAsync(Items[..1], "b1", default));
        var sent = server.Requests.ToArray();
        Assert.Equal(
            ["POST /openai/files?api-version=2024-10-21", "GET /openai/files/file-1?api-version=2024-10-21", "POST /openai/batches?api-version=2024-10-21"],
            sent.Select(request => $"{request.Method} {request.Path}"));
        Assert.All(sent, request => Assert.Equal(Canary, request.Headers["api-key"]));
        SameJson("""
            {"custom_id":"p0","method":"POST","url":"/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"prompt 0"}]}}
            """, sent[0].Body.Split('\n').Single(line => line.StartsWith('{')));
        SameJson("""
            {"input_file_id":"file-1","endpoint":"/chat/completions","completion_window":"24h","metadata":{"agentops_batch":"b1"}}
            """, sent[2].Body);
    }

    [Theory]
    [InlineData("azure-openai")]
    [InlineData("openai")]
    public async Task A_file_that_can_not_be_read_begins_nothing(string kind)
    {
        using var server = new LoopbackServer(Answer(200, """{"id":"file-1","status":"error","status_details":"not JSON"}"""));
        using var factory = Factory();
        var fault = (await Assert.ThrowsAsync<ProviderFaultException>(() => Batches(factory, kind, server).SubmitAsync(Items, "b1", default))).Fault;
        Assert.Equal((FaultKind.InvalidRequest, true), (fault.Kind, fault.NeverBegan));
        Assert.Contains("not JSON", fault.Detail, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Gemini_takes_the_requests_inline_with_our_keys()
    {
        using var server = new LoopbackServer(Answer(200, """{"name":"batches/1","metadata":{"state":"BATCH_STATE_PENDING"}}"""));
        using var factory = Factory();
        Assert.Equal("batches/1", await Batches(factory, "gemini", server).SubmitAsync(Items[..1], "b1", default));
        var sent = server.Requests.Single();
        Assert.Equal(("POST /v1beta/models/m:batchGenerateContent", Canary), ($"{sent.Method} {sent.Path}", sent.Headers["x-goog-api-key"]));
        SameJson("""
            {"batch":{"displayName":"b1","inputConfig":{"requests":{"requests":[
              {"request":{"contents":[{"role":"user","parts":[{"text":"prompt 0"}]}],"generationConfig":{}},"metadata":{"key":"p0"}}]}}}}
            """, sent.Body);
    }

    [Fact]
    public async Task Gemini_takes_no_more_than_goes_inline()
    {
        using var server = new LoopbackServer(Answer(200, "{}"));
        using var factory = Factory();
        var fault = (await Assert.ThrowsAsync<ProviderFaultException>(() => Batches(factory, "gemini", server).SubmitAsync([new BatchItem("p0", Ask(new string('a', 20_000_000)))], "b1", default))).Fault;
        Assert.Equal(FaultKind.InvalidRequest, fault.Kind);
        Assert.Contains("20 MB inline", fault.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("response")]
    [InlineData("metadata")]
    public async Task Gemini_gives_each_answer_or_error_with_its_key(string where)
    {
        const string Responses = """
            {"inlinedResponses":{"inlinedResponses":[
              {"metadata":{"key":"p3"},"response":{"candidates":[{"content":{"role":"model","parts":[{"text":"three"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":2,"cachedContentTokenCount":4},"modelVersion":"m-1"}},
              {"metadata":{"key":"p0"},"error":{"code":3,"message":"The input token count (9) exceeds the maximum"}},
              {"metadata":{"key":"p1"},"error":{"code":14,"message":"busy"}},
              {"metadata":{"key":"p2"},"response":{"promptFeedback":{"blockReason":"SAFETY"}}},
              {"metadata":{"key":"not ours"},"error":{"code":13}}]}}
            """;
        var output = where == "response" ? $$$""","done":true,"response":{{{Responses}}}""" : "";
        var metadata = where == "metadata" ? $$$""","output":{{{Responses}}}""" : "";
        using var server = new LoopbackServer(Answer(200,
            $$$"""{"name":"batches/1","metadata":{"state":"BATCH_STATE_EXPIRED","batchStats":{"requestCount":"5","successfulRequestCount":"2","failedRequestCount":"2"}{{{metadata}}}}{{{output}}}}"""));
        using var factory = Factory();
        var batches = Batches(factory, "gemini", server);
        Assert.Equal(new BatchProgress(true, 4, "EXPIRED"), await batches.GetAsync("batches/1", default));
        var results = await batches.ReadAsync("batches/1", Items, default);

        Assert.All(server.Requests, request => Assert.Equal("GET /v1beta/batches/1", $"{request.Method} {request.Path}"));
        Assert.Equal([BatchOutcome.Failed, BatchOutcome.Failed, BatchOutcome.Failed, BatchOutcome.Answered, BatchOutcome.Expired], results.Select(result => result.Outcome));
        Assert.Equal([FaultKind.ContextTooLong, FaultKind.Overloaded, FaultKind.ContentFiltered], results.Take(3).Select(result => result.Fault!.Kind));
        Assert.Equal(("three", new Usage(7, 2, 4)), (results[3].Message!.TextContent, results[3].Completion!.Usage));
    }

    [Theory]
    [InlineData("BATCH_STATE_PENDING", false, BatchOutcome.Failed)]
    [InlineData("BATCH_STATE_RUNNING", false, BatchOutcome.Failed)]
    [InlineData("BATCH_STATE_SUCCEEDED", true, BatchOutcome.Failed)]
    [InlineData("BATCH_STATE_FAILED", true, BatchOutcome.Failed)]
    [InlineData("BATCH_STATE_CANCELLED", true, BatchOutcome.Cancelled)]
    [InlineData("BATCH_STATE_EXPIRED", true, BatchOutcome.Expired)]
    [InlineData("JOB_STATE_EXPIRED", true, BatchOutcome.Expired)]
    public async Task Gemini_has_ended_or_has_not_and_says_why(string state, bool ended, BatchOutcome missing)
    {
        using var server = new LoopbackServer(Answer(200, $$$"""{"name":"batches/1","metadata":{"state":"{{{state}}}"},"error":{"code":8,"message":"quota"}}"""));
        using var factory = Factory();
        var batches = Batches(factory, "gemini", server);
        Assert.Equal(ended, (await batches.GetAsync("batches/1", default)).IsEnded);
        Assert.All(await batches.ReadAsync("batches/1", Items, default), result => Assert.Equal((missing, "quota"), (result.Outcome, result.Fault!.Detail)));
    }

    [Fact]
    public async Task Gemini_is_searched_by_our_name_page_by_page()
    {
        using var server = new LoopbackServer(
            Answer(200, """{"operations":[{"name":"batches/1","metadata":{"displayName":"b10","createTime":"2026-01-02T03:04:05Z"}}],"nextPageToken":"a+b"}"""),
            Answer(200, """{"operations":[{"name":"batches/2","metadata":{"displayName":"b1","createTime":"2026-01-02T03:04:05Z"}}]}"""),
            Answer(200, """{"operations":[{"name":"batches/3","metadata":{"displayName":"b3","createTime":"2026-01-01T03:04:05Z"}}],"nextPageToken":"c"}"""));
        using var factory = Factory();
        var batches = Batches(factory, "gemini", server);
        Assert.Equal(BatchSearch.Found("batches/2"), await batches.FindAsync(Trace, default));
        Assert.Equal(BatchSearch.Absent, await batches.FindAsync(Trace, default));
        Assert.Equal(["/v1beta/batches?pageSize=100", "/v1beta/batches?pageSize=100&pageToken=a%2Bb", "/v1beta/batches?pageSize=100"], server.Requests.Select(request => request.Path));
    }

    [Fact]
    public void Kinds_without_batches_say_so()
    {
        using var factory = Factory();
        Assert.Null(factory.CreateBatches(Over("replay", new Uri("http://127.0.0.1:9"))));
    }

    private static IBatchProvider Batches(ProviderFactory factory, string kind, LoopbackServer server) => factory.CreateBatches(Over(kind, server.Uri))!;
}
