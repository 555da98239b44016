using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Bedrock;
using static AgentOps.Engine.Tests.Providers.AdapterTesting;
using static AgentOps.Engine.Tests.Providers.LoopbackServer;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Providers;

/// <summary>Bedrock's batch inference and its S3, from AWS's documented formats.</summary>
public class BedrockBatchTests
{
    private const string Role = "arn:aws:iam::123456789012:role/service-role/Batch";
    private const string Arn = "arn:aws:bedrock:eu-central-1:123456789012:model-invocation-job/abcdefghij12";

    private static readonly BatchItem[] Items = [.. Enumerable.Range(0, 5).Select(index => new BatchItem($"p{index}", Ask($"prompt {index}")))];

    [Fact]
    public async Task A_file_goes_to_storage_and_a_job_over_it_to_bedrock()
    {
        using var server = new LoopbackServer(Answer(200, ""), Answer(200, $$"""{"jobArn":"{{Arn}}"}"""));
        using var factory = Keyed();
        Assert.Equal(Arn, await Batches(factory, server).SubmitAsync(Items[..2], "b1", default));

        var sent = server.Requests.ToArray();
        Assert.Equal(["PUT /s3/prompts/team/a/b1/input.jsonl", "POST /model-invocation-job"], sent.Select(request => $"{request.Method} {request.Path}"));
        Assert.Contains("/eu-central-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date,", sent[0].Headers["Authorization"], StringComparison.Ordinal);
        Assert.Contains("/eu-central-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date,", sent[1].Headers["Authorization"], StringComparison.Ordinal);
        var lines = sent[0].Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        SameJson("""{"recordId":"p1","modelInput":{"messages":[{"role":"user","content":[{"text":"prompt 1"}]}],"inferenceConfig":{}}}""", lines[1]);
        SameJson($$"""
            {"jobName":"b1","clientRequestToken":"b1","modelId":"m","modelInvocationType":"Converse","roleArn":"{{Role}}",
             "inputDataConfig":{"s3InputDataConfig":{"s3InputFormat":"JSONL","s3Uri":"s3://prompts/team/a/b1/input.jsonl"} },
             "outputDataConfig":{"s3OutputDataConfig":{"s3Uri":"s3://prompts/team/a/b1/out/"} } }
            """, sent[1].Body);
    }

    [Fact]
    public async Task Answers_and_errors_come_from_every_file_of_every_page_in_any_order()
    {
        using var server = new LoopbackServer(
            Answer(200, Job("PartiallyCompleted", "\"message\":\"Ran out of time.\",")),
            Answer(200, Page("<IsTruncated>true</IsTruncated><NextContinuationToken>1/+=</NextContinuationToken>", "team/a/b1/out/abcdefghij12/input.jsonl.out"), "application/xml"),
            Answer(200, Page("<IsTruncated>false</IsTruncated>", "team/a/b1/out/abcdefghij12/manifest.json.out", "team/a/b1/out/abcdefghij12/more.jsonl.out"), "application/xml"),
            Answer(200, """
                {"recordId":"p3","modelInput":{},"modelOutput":{"output":{"message":{"role":"assistant","content":[{"text":"three"}]}},"stopReason":"end_turn","usage":{"inputTokens":7,"outputTokens":2,"totalTokens":9,"cacheReadInputTokens":4}}}

                {"recordId":"not ours","modelInput":{},"error":{"errorCode":400,"errorMessage":"bad request"}}
                """),
            Answer(200, """
                {"modelInput":{},"recordId":"p0","error":{"errorCode":400,"errorMessage":"Input is too long for requested model."}}
                {"modelInput":{},"recordId":"p1","error":{"errorCode":429,"errorMessage":"slow down","expired":false,"retryable":true}}
                """));
        using var factory = Keyed();
        var results = await Batches(factory, server).ReadAsync(Arn, Items, default);

        Assert.Equal(
            [
                "GET /model-invocation-job/arn%3Aaws%3Abedrock%3Aeu-central-1%3A123456789012%3Amodel-invocation-job%2Fabcdefghij12",
                "GET /s3/prompts/?list-type=2&prefix=team%2Fa%2Fb1%2Fout%2Fabcdefghij12%2F",
                "GET /s3/prompts/?continuation-token=1%2F%2B%3D&list-type=2&prefix=team%2Fa%2Fb1%2Fout%2Fabcdefghij12%2F",
                "GET /s3/prompts/team/a/b1/out/abcdefghij12/input.jsonl.out",
                "GET /s3/prompts/team/a/b1/out/abcdefghij12/more.jsonl.out",
            ],
            server.Requests.Select(request => $"{request.Method} {request.Path}"));
        Assert.Equal(["p0", "p1", "p2", "p3", "p4"], results.Select(result => result.Id));
        Assert.Equal([BatchOutcome.Failed, BatchOutcome.Failed, BatchOutcome.Expired, BatchOutcome.Answered, BatchOutcome.Expired], results.Select(result => result.Outcome));
        Assert.Equal([FaultKind.ContextTooLong, FaultKind.RateLimited], results.Take(2).Select(result => result.Fault!.Kind));
        Assert.Equal(("three", new Usage(11, 2, 4)), (results[3].Message!.TextContent, results[3].Completion!.Usage));
        Assert.Equal("Ran out of time.", results[4].Fault!.Detail);
    }

    [Theory]
    [InlineData("Stopped", BatchOutcome.Cancelled, "The batch was stopped.")]
    [InlineData("Expired", BatchOutcome.Expired, "The batch expired.")]
    [InlineData("Completed", BatchOutcome.Failed, "The provider gave no result of this request.")]
    [InlineData("Failed", BatchOutcome.Failed, "The provider gave no result of this request.")]
    public async Task Records_without_an_answer_are_told_by_how_the_job_ended(string status, BatchOutcome outcome, string why)
    {
        using var server = new LoopbackServer(Answer(200, Job(status)), Answer(200, Page("<IsTruncated>false</IsTruncated>"), "application/xml"));
        using var factory = Keyed();
        Assert.All(await Batches(factory, server).ReadAsync(Arn, Items, default), result => Assert.Equal((outcome, why), (result.Outcome, result.Fault!.Detail)));
    }

    [Theory]
    [InlineData("Submitted", false)]
    [InlineData("Validating", false)]
    [InlineData("Scheduled", false)]
    [InlineData("InProgress", false)]
    [InlineData("Stopping", false)]
    [InlineData("OfTomorrow", false)]
    [InlineData("Completed", true)]
    [InlineData("PartiallyCompleted", true)]
    [InlineData("Failed", true)]
    [InlineData("Stopped", true)]
    [InlineData("Expired", true)]
    public async Task A_job_has_ended_or_has_not(string status, bool ended)
    {
        using var server = new LoopbackServer(Answer(200, Job(status, "\"processedRecordCount\":3,\"jobExpirationTime\":\"2026-01-02T03:04:05Z\",")));
        using var factory = Keyed();
        Assert.Equal(
            new BatchProgress(ended, 3, status) { Expires = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) },
            await Batches(factory, server).GetAsync(Arn, default));
    }

    [Fact]
    public async Task A_job_is_searched_by_its_whole_name()
    {
        using var server = new LoopbackServer(Answer(200, $$"""{"invocationJobSummaries":[{"jobArn":"a","jobName":"b1-more"},{"jobArn":"{{Arn}}","jobName":"b1"}]}"""), Answer(200, """{"invocationJobSummaries":[]}"""));
        using var factory = Keyed();
        var batches = Batches(factory, server);
        var trace = new BatchTrace("b1", 5, DateTimeOffset.UnixEpoch, new HashSet<string>());
        Assert.Equal(BatchSearch.Found(Arn), await batches.FindAsync(trace, default));
        Assert.Equal(BatchSearch.Absent, await batches.FindAsync(trace, default));
        Assert.All(server.Requests, request => Assert.Equal(("GET", "/model-invocation-jobs?nameContains=b1"), (request.Method, request.Path)));
    }

    [Fact]
    public async Task A_job_is_stopped_by_its_own_path()
    {
        using var server = new LoopbackServer(Answer(200, ""));
        using var factory = Keyed();
        await Batches(factory, server).CancelAsync("abcdefghij12", default);
        Assert.Equal(("POST", "/model-invocation-job/abcdefghij12/stop"), (server.Requests.Single().Method, server.Requests.Single().Path));
    }

    [Fact]
    public async Task A_download_that_breaks_off_gives_no_results()
    {
        var list = Answer(200, Page("<IsTruncated>false</IsTruncated>", "k/input.jsonl.out"), "application/xml");
        const string whole = """{"recordId":"p0","modelInput":{},"modelOutput":{"output":{"message":{"role":"assistant","content":[{"text":"a"}]}},"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1}}}""";
        using var server = new LoopbackServer(Answer(200, Job("Completed")), list, Raw(Head(200, "binary/octet-stream", "Content-Length: 1000000") + whole + "\n"), Answer(200, Job("Completed")), list, Answer(200, whole + "\n" + whole[..40]));
        using var factory = Keyed();
        var batches = Batches(factory, server);
        Assert.Equal(FaultKind.Interrupted, (await Assert.ThrowsAsync<ProviderFaultException>(() => batches.ReadAsync(Arn, Items, default))).Fault.Kind);
        Assert.Equal(FaultKind.Protocol, (await Assert.ThrowsAsync<ProviderFaultException>(() => batches.ReadAsync(Arn, Items, default))).Fault.Kind);
    }

    [Fact]
    public async Task Storages_errors_are_told_apart_and_nothing_is_submitted_after_one()
    {
        using var server = new LoopbackServer(
            Answer(403, $"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Not for {AwsKeys}</Message></Error>", "application/xml"),
            Answer(503, "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>", "application/xml"),
            Answer(404, "no XML"));
        using var factory = Keyed();
        var batches = Batches(factory, server);
        var faults = new List<ProviderFault>();
        for (var turn = 0; turn < 3; turn++)
        {
            faults.Add((await Assert.ThrowsAsync<ProviderFaultException>(() => batches.SubmitAsync(Items, "b", default))).Fault);
        }

        Assert.Equal([FaultKind.Authentication, FaultKind.RateLimited, FaultKind.ModelNotFound], faults.Select(fault => fault.Kind));
        Assert.Equal(["AccessDenied", "SlowDown", null], faults.Select(fault => fault.VendorCode));
        Assert.DoesNotContain(AwsKeys, faults[0].Detail, StringComparison.Ordinal);
        Assert.All(server.Requests, request => Assert.Equal("PUT", request.Method));
    }

    [Fact]
    public async Task A_bedrock_key_is_refused_before_it_is_sent()
    {
        using var server = new LoopbackServer(Answer(200, "{}"));
        using var factory = Factory();
        var fault = (await Assert.ThrowsAsync<ProviderFaultException>(() => Batches(factory, server).SubmitAsync(Items, "b", default))).Fault;
        Assert.Equal(FaultKind.Authentication, fault.Kind);
        Assert.Contains("ACCESSKEY:SECRETKEY", fault.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("""{"batch":true}""", "no map")]
    [InlineData("""{"batch":{"role":"arn:aws:iam::123456789012:role/R"}}""", "'location'")]
    [InlineData("""{"batch":{"location":"https://b.s3.amazonaws.com","role":"arn:aws:iam::123456789012:role/R"}}""", "'location'")]
    [InlineData("""{"batch":{"location":"s3://UPPER","role":"arn:aws:iam::123456789012:role/R"}}""", "'location'")]
    [InlineData("""{"batch":{"location":"s3://bucket/../other","role":"arn:aws:iam::123456789012:role/R"}}""", "'location'")]
    [InlineData("""{"batch":{"location":"s3://bucket"}}""", "'role'")]
    [InlineData("""{"batch":{"location":"s3://bucket","role":"R"}}""", "'role'")]
    [InlineData("""{"batch":{"location":"s3://bucket","role":"arn:aws:iam::123456789012:role/R","minimumRecords":0}}""", "'minimumRecords'")]
    [InlineData("""{"batch":{"location":"s3://bucket","role":"arn:aws:iam::123456789012:role/R","jobsUri":"ftp://x"}}""", "'jobsUri'")]
    [InlineData("""{"batch":{"location":"s3://bucket","role":"arn:aws:iam::123456789012:role/R"}}""", "'storageUri'")]
    public void Wrong_settings_are_named(string options, string what)
    {
        using var factory = Factory();
        var error = Assert.Throws<AgentOpsException>(() => factory.CreateBatches(Over("bedrock", new Uri("http://127.0.0.1:9"), options)));
        Assert.Equal(ErrorCodes.ProviderInvalid, error.Code);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://my-bucket", "my-bucket", "")]
    [InlineData("s3://my-bucket/", "my-bucket", "")]
    [InlineData("s3://my.bucket/a/b_c.d", "my.bucket", "a/b_c.d/")]
    [InlineData("s3://my-bucket/a/", "my-bucket", "a/")]
    public void A_place_in_storage_is_read(string text, string bucket, string prefix) => Assert.Equal(new S3Location(bucket, prefix), S3Location.Parse(text));

    [Theory]
    [InlineData("my-bucket", "https://bedrock.eu-central-1.amazonaws.com", "https://my-bucket.s3.eu-central-1.amazonaws.com")]
    [InlineData("my.bucket", "https://bedrock.eu-central-1.amazonaws.com", "https://s3.eu-central-1.amazonaws.com/my.bucket")]
    public void Without_an_address_the_vendors_own_are_meant(string bucket, string jobs, string storage)
    {
        var options = JsonNode.Parse($$"""{"region":"eu-central-1","batch":{"location":"s3://{{bucket}}","role":"{{Role}}"} }""")!.AsObject();
        var settings = BedrockBatchSettings.Of(new ProviderDefinition { Name = "p", Kind = "bedrock", Options = options })!;
        Assert.Equal((jobs, storage, 100), (settings.Jobs, settings.Storage, settings.MinimumRecords));
    }

    // AWS's examples: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html.
    [Theory]
    [InlineData("?lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")]
    [InlineData("?prefix=J&max-keys=2", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")]
    public void Signatures_for_storage_are_awss(string query, string expected)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, "https://examplebucket.s3.amazonaws.com/" + query);
        new SignatureV4("us-east-1", "s3").Sign(
            message, [], new AwsCredential("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null), new DateTimeOffset(2013, 5, 24, 0, 0, 0, TimeSpan.Zero));
        Assert.EndsWith("Signature=" + expected, message.Headers.NonValidated["Authorization"].ToString(), StringComparison.Ordinal);
    }

    private const string AwsKeys = "AKIDEXAMPLE000:secret";

    [Fact]
    public async Task A_list_of_S3_in_another_form_is_a_fault_of_the_protocol()
    {
        using var server = new LoopbackServer(Answer(200, Job("Completed")), Answer(200, Page("<Contents><Size>1</Size></Contents>"), "application/xml"));
        using var factory = Keyed();

        var fault = await Assert.ThrowsAsync<ProviderFaultException>(async () => await Batches(factory, server).ReadAsync(Arn, [new BatchItem("p0", Ask("?"))], default));

        Assert.Equal(FaultKind.Protocol, fault.Fault.Kind);
    }

    private static string Job(string status, string more = "") =>
        $$"""{"jobArn":"{{Arn}}","jobName":"b1",{{more}}"modelId":"m","status":"{{status}}","outputDataConfig":{"s3OutputDataConfig":{"s3Uri":"s3://elsewhere/steal/"} } }""";

    private static string Page(string more, params string[] keys)
    {
        var page = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>prompts</Name>");
        page.Append(more);
        foreach (var key in keys)
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"<Contents><Key>{key}</Key><Size>1</Size></Contents>");
        }

        return page.Append("</ListBucketResult>").ToString();
    }

    private static IBatchProvider Batches(ProviderFactory factory, LoopbackServer server) => factory.CreateBatches(Over("bedrock", server.Uri,
        $$"""{"region":"eu-central-1","batch":{"location":"s3://prompts/team/a","role":"{{Role}}","storageUri":"{{server.Uri}}s3"} }"""))!;

    private static ProviderFactory Keyed() => new(new Keys());

    private sealed class Keys : ISecretResolver
    {
        public ValueTask<string> ResolveAsync(string reference, CancellationToken ct) => new(AwsKeys);
    }
}
