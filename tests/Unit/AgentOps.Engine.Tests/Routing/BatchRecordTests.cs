using AgentOps.Engine.Errors;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Tests.Invocation;
using AgentOps.Engine.Tests.Providers;
using AgentOps.Engine.Workspaces;
using static AgentOps.Engine.Tests.Providers.LoopbackServer;

namespace AgentOps.Engine.Tests.Routing;

/// <summary>What the ledger holds of batches when something goes wrong beside them, and what that means for budgets.</summary>
public sealed class BatchRecordTests
{
    private const string Taken = """{"id":"msgbatch_1","processing_status":"in_progress"}""";
    private const string Ended = """{"id":"msgbatch_1","processing_status":"ended","request_counts":{"succeeded":1}}""";
    private const string Result = """{"custom_id":"p0","result":{"type":"succeeded","message":{"id":"m","model":"m","content":[{"type":"text","text":"yes"}],"stop_reason":"end_turn","usage":{"input_tokens":1000,"output_tokens":100}}}}""";
    private const string Nothing = """{"data":[],"has_more":false}""";

    private static readonly Budget All = new() { Name = "all", Scope = BudgetScope.Workspace, Max = 5m };

    [Fact]
    public async Task A_batch_that_could_not_be_sent_for_want_of_a_credential_sets_nothing_aside()
    {
        using var server = new LoopbackServer(Answer(200, Taken));
        await using var test = await OpenAsync(server, "env:AGENTOPS_TEST_NOBODY_SETS_THIS");

        var fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await test.Workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, ["?"], default));

        Assert.Equal(ErrorCodes.SecretNotFound, fault.Code);
        var batch = Assert.Single(await test.Workspace.Batches.ListAsync(default));
        Assert.Equal((BatchStatus.Refused, null), (batch.Status, batch.Reserved));
        Assert.Empty((await test.Workspace.GetStateAsync(default)).Limits.Open);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_batch_whose_prompts_were_erased_is_collected_and_settled_all_the_same()
    {
        using var server = new LoopbackServer(Answer(200, Taken), Answer(200, Ended), Answer(200, Result, "application/x-jsonl"));
        await using var test = await OpenAsync(server);
        var batch = await test.Workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, ["?"], default);
        await test.Workspace.Ledger.ErasePayloadsAsync(DateTimeOffset.UtcNow.AddMinutes(1), default);

        var answer = Assert.Single(await test.Workspace.Batches.CollectAsync(batch.Id, default));

        Assert.Equal(("yes", 0.002m), (answer.Message.TextContent, answer.Cost));
        var state = await test.Workspace.GetStateAsync(default);
        Assert.Empty(state.Limits.Open);
        Assert.Equal(0.002m, state.Limits.Used(All.Key, DateTimeOffset.UtcNow));
        Assert.Equal("yes", Assert.Single(await test.Workspace.Batches.CollectAsync(batch.Id, default)).Message.TextContent);
    }

    /// <summary>Another process gave it up, by a clock that goes before; the provider took it all the same.</summary>
    [Fact]
    public async Task A_batch_that_is_taken_after_it_was_given_up_costs_its_budget_what_it_costs()
    {
        var (asked, given) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var server = new LoopbackServer(
            async (request, stream, ct) =>
            {
                asked.SetResult();
                await given.Task.WaitAsync(ct);
                await Answer(200, Taken)(request, stream, ct);
            },
            Answer(200, Nothing),
            Answer(200, Ended),
            Answer(200, Result, "application/x-jsonl"));
        await using var test = await OpenAsync(server);
        var submission = test.Workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, ["?"], default).AsTask();
        await asked.Task;
        await using (var elsewhere = await Workspace.OpenAsync(new WorkspaceOptions { Store = test.Folder, HostName = "test", Time = new LaterTime() }, default))
        {
            var seen = Assert.Single(await elsewhere.Batches.ListAsync(default));
            Assert.Equal(BatchStatus.Refused, (await elsewhere.Batches.StopAsync(seen.Id, default)).Status);
        }

        given.SetResult();
        var batch = await submission;
        Assert.Equal(BatchStatus.Running, batch.Status);
        Assert.True(batch.Reserved > 0);
        Assert.Single((await test.Workspace.GetStateAsync(default)).Limits.Open);
        await test.Workspace.Batches.CollectAsync(batch.Id, default);

        var state = await test.Workspace.GetStateAsync(default);
        Assert.Empty(state.Limits.Open);
        Assert.Equal(0.002m, state.Limits.Used(All.Key, DateTimeOffset.UtcNow));
    }

    [Fact]
    public async Task The_reason_that_is_told_is_the_newest_one()
    {
        using var server = new LoopbackServer(
            Answer(500, "{}"),
            Answer(400, """{"type":"error","error":{"type":"invalid_request_error","message":"not now"}}"""),
            Answer(200, Nothing));
        await using var test = await OpenAsync(server);
        await Assert.ThrowsAsync<AgentOpsException>(async () => await test.Workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, ["?"], default));
        var batch = Assert.Single(await test.Workspace.Batches.ListAsync(default));
        Assert.Contains("not now", batch.Reason, StringComparison.Ordinal);

        var unknown = await Assert.ThrowsAsync<AgentOpsException>(async () => await test.Workspace.Batches.CollectAsync(batch.Id, default));

        Assert.Contains("may still appear until", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("may still appear until", Assert.Single(await test.Workspace.Batches.ListAsync(default)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_are_read_back_as_they_were_kept()
    {
        var usage = new Usage(10, 5, 3, 2, 1, IsEstimated: true);
        var result = new BatchItemResult("p0", BatchOutcome.Answered) { Message = Message.Text(MessageRole.Assistant, "yes"), Completion = new ModelCompleted(StopReason.EndTurn, usage, "m", "r") };

        var read = Assert.Single(BatchPayload.ReadResults(BatchPayload.WriteResults([result])));

        Assert.Equal((usage, "m", "r", "yes"), (read.Completion!.Usage, read.Completion.Model, read.Completion.ResponseId, read.Message!.TextContent));
    }

    private static async Task<TestWorkspace> OpenAsync(LoopbackServer server, string? secret = null)
    {
        var test = await TestWorkspace.OpenAsync();
        await test.Workspace.Providers.RegisterAsync(new ProviderDefinition { Name = "a", Kind = ProviderKinds.Anthropic, Uri = server.Uri, Secret = secret }, false, default);
        await test.Workspace.Routes.SetAsync(new RouteDefinition { Name = "r", Targets = [new RouteTarget("a", "m") { Price = new ModelPrice(1, 10) }] }, default);
        await test.Workspace.Budgets.SetAsync(All, default);
        return test;
    }

    private sealed class LaterTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromHours(1);
    }
}
