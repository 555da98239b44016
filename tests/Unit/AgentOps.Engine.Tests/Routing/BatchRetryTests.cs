using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Tests.Invocation;
using AgentOps.Engine.Tests.Providers;
using static AgentOps.Engine.Tests.Providers.LoopbackServer;

namespace AgentOps.Engine.Tests.Routing;

/// <summary>What is repeated of a batch, and what is not.</summary>
public class BatchRetryTests
{
    private static readonly Func<Received, Stream, CancellationToken, Task> Busy = Answer(503, "{}", headers: "retry-after-ms: 1");

    [Fact]
    public async Task Questions_are_asked_again_and_a_submission_is_not()
    {
        using var server = new LoopbackServer(
            Answer(200, """{"id":"msgbatch_1","processing_status":"in_progress"}"""),
            Busy,
            Answer(200, """{"id":"msgbatch_1","processing_status":"ended","request_counts":{"succeeded":1}}"""),
            Busy,
            Busy,
            Answer(200, """{"custom_id":"p0","result":{"type":"succeeded","message":{"id":"m","model":"m","content":[{"type":"text","text":"yes"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}}}""", "application/x-jsonl"),
            Answer(500, "{}"));
        await using var test = await OpenAsync(server);
        var batch = await test.Workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, ["?"], default);
        Assert.Equal("yes", Assert.Single(await test.Workspace.Batches.CollectAsync(batch.Id, default)).Message.TextContent);
        Assert.Equal(6, server.Requests.Count);

        // Nobody may be charged twice: one try and one question, and the ledger says that the outcome is unknown.
        var unknown = await Assert.ThrowsAsync<AgentOpsException>(async () => await test.Workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, ["?"], default));
        Assert.Equal(ErrorCodes.BatchUnknown, unknown.Code);
        Assert.Equal(["POST", "GET"], server.Requests.Skip(6).Select(request => request.Method));
    }

    [Fact]
    public async Task A_clear_no_is_not_asked_again()
    {
        using var server = new LoopbackServer(
            Answer(200, """{"id":"msgbatch_1","processing_status":"in_progress"}"""),
            Answer(404, """{"type":"error","error":{"type":"not_found_error","message":"gone"}}"""));
        await using var test = await OpenAsync(server);
        var batch = await test.Workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, ["?"], default);
        var gone = await Assert.ThrowsAsync<AgentOpsException>(async () => await test.Workspace.Batches.CollectAsync(batch.Id, default));
        Assert.Contains("gone", gone.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    private static async Task<TestWorkspace> OpenAsync(LoopbackServer server)
    {
        var test = await TestWorkspace.OpenAsync();
        await test.Workspace.Providers.RegisterAsync(new ProviderDefinition { Name = "a", Kind = ProviderKinds.Anthropic, Uri = server.Uri }, false, default);
        await test.Workspace.Routes.SetAsync(new RouteDefinition { Name = "r", Targets = [new RouteTarget("a", "m")] }, default);
        return test;
    }
}
