using System.Text.Json.Nodes;
using AgentOps.Cli.Serving;
using AgentOps.Engine.Accounting;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>Batches from a workspace through our server and back, in every protocol: submitted here, collected elsewhere.</summary>
public sealed class BatchTests : IDisposable
{
    private const string Script = """
        {"steps":[
          {"when":{"contains":"bad"},"say":"no","repeat":true,"fault":{"kind":"context-length","times":-1}},
          {"say":"Re: {{user}}","repeat":true,"usage":{"input":1000,"output":100}}
        ]}
        """;

    // As many as Bedrock wants at least.
    private static readonly string[] Prompts = ["one", "bad", "two", .. Enumerable.Range(3, 97).Select(index => $"number {index}")];

    private readonly TemporaryFolder _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("bedrock")]
    [InlineData("azure-openai")]
    [InlineData("gemini")]
    public async Task What_one_process_submits_another_collects_once_and_at_the_batchs_price(string kind)
    {
        await using var server = await BatchTesting.StartAsync(Script);
        BatchState batch;
        await using (var first = await OpenAsync(server, kind))
        {
            batch = await first.Batches.SubmitAsync(new RoutePrompt { Route = "r", Task = "t", Instructions = "Be brief." }, Prompts, default);
            Assert.Equal((BatchStatus.Running, 100), (batch.Status, batch.Count));
            Assert.True(batch.Reserved > 0);
        }

        await using var second = await Workspace.OpenAsync(new WorkspaceOptions { Store = _store.Path, HostName = "test" }, default);
        Assert.Equal(batch, Assert.Single(await second.Batches.ListAsync(default)));
        await foreach (var progress in second.Batches.WatchAsync(batch.Id, default))
        {
            Assert.InRange(progress.Done, 0, 100);
        }

        var answers = await second.Batches.CollectAsync(batch.Id, default);
        Assert.Equal(Prompts.Select(prompt => prompt == "bad" ? "" : $"Re: {prompt}"), answers.Select(answer => answer.Message.TextContent));
        Assert.Equal(Enumerable.Range(0, 100), answers.Select(answer => answer.Index));
        Assert.Equal(ErrorCodes.ProviderRequestRefused, answers[1].Error!.Code);

        // A million tokens cost $1 and $10; in a batch, half of that.
        Assert.All(answers, answer => Assert.Equal(answer.Index == 1 ? 0 : 0.001m, answer.Cost));
        var usage = Assert.Single(await second.Usage.MeasureAsync(UsageGrouping.Task, null, default));
        Assert.Equal(("t", 100, 1, 0.099m), (usage.Key, usage.Calls, usage.FailedCalls, usage.Cost));

        // Again, and from a third process: what was kept, and nothing more is charged.
        var size = second.Ledger.Size;
        var again = await second.Batches.CollectAsync(batch.Id, default);
        Assert.Equal(answers.Select(answer => (answer.Message.TextContent, answer.Cost, answer.Error?.Code)), again.Select(answer => (answer.Message.TextContent, answer.Cost, answer.Error?.Code)));
        Assert.Equal(size, second.Ledger.Size);
        var settled = Assert.Single(await second.Batches.ListAsync(default));
        Assert.Equal((BatchStatus.Collected, 99, 0.099m, null), (settled.Status, settled.Answered, settled.Cost, settled.Reserved));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("bedrock")]
    [InlineData("azure-openai")]
    [InlineData("gemini")]
    public async Task A_stopped_batch_gives_what_was_answered(string kind)
    {
        // The first prompt never ends by itself.
        await using var server = await BatchTesting.StartAsync("""[{"say":"late","repeat":true,"latency":{"firstTokenMs":600000}}]""");
        await using var workspace = await OpenAsync(server, kind);
        var batch = await workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, Prompts, default);
        var running = await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.CollectAsync(batch.Id, default));
        Assert.Equal(ErrorCodes.BatchRunning, running.Code);

        Assert.Equal(BatchStatus.Stopping, (await workspace.Batches.StopAsync(batch.Id, default)).Status);
        await foreach (var _ in workspace.Batches.WatchAsync(batch.Id, default))
        {
        }

        var answers = await workspace.Batches.CollectAsync(batch.Id, default);
        Assert.All(answers, answer => Assert.Equal(ErrorCodes.OperationStopped, answer.Error!.Code));
        Assert.Equal(0, Assert.Single(await workspace.Batches.ListAsync(default)).Cost);
    }

    [Fact]
    public async Task A_refused_batch_is_told_and_nothing_stays_set_aside()
    {
        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = _store.Path, HostName = "test" }, default);
        await BatchTesting.RouteAsync(workspace, "http://127.0.0.1:9", "openai");
        var refused = await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, Prompts, default));
        Assert.Equal(ErrorCodes.ProviderFailed, refused.Code);
        var batch = Assert.Single(await workspace.Batches.ListAsync(default));
        Assert.Equal((BatchStatus.Refused, null), (batch.Status, batch.Reserved));
        Assert.Equal(ErrorCodes.BatchNotTaken, (await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.CollectAsync(batch.Id, default))).Code);
    }

    [Fact]
    public async Task A_target_must_take_every_prompt_and_have_batches()
    {
        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = _store.Path, HostName = "test" }, default);
        await workspace.Providers.RegisterAsync(new ProviderDefinition { Name = "g", Kind = "replay", Options = new JsonObject { ["file"] = "none.jsonl" } }, false, default);
        await workspace.Providers.RegisterAsync(new ProviderDefinition { Name = "o", Kind = "openai" }, false, default);
        await workspace.Routes.SetAsync(new RouteDefinition
        {
            Name = "r",
            Targets = [new RouteTarget("g", "m"), new RouteTarget("o", "m") { ContextTokens = 2000 }],
        }, default);
        var long1 = string.Join(' ', Enumerable.Repeat("word", 5000));
        var none = await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, ["short", long1], default));
        Assert.Equal(ErrorCodes.NoEligibleTarget, none.Code);
        Assert.Contains("g/m: Its provider has no interface for batches here. o/m: Prompt 1:", none.Message, StringComparison.Ordinal);
        var secret = await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r", DataClass = "secret" }, ["short"], default));
        Assert.Contains("data class 'secret'", secret.Message, StringComparison.Ordinal);
        Assert.Empty(await workspace.Batches.ListAsync(default));
    }

    [Fact]
    public async Task A_budget_is_reserved_for_the_whole_batch_and_settled_with_it()
    {
        await using var server = await BatchTesting.StartAsync(Script);
        await using var workspace = await OpenAsync(server, "openai");
        await workspace.Budgets.SetAsync(new Budget { Name = "all", Scope = BudgetScope.Workspace, Max = 0.003m }, default);
        var how = new RoutePrompt { Route = "r", MaxOutputTokens = 150 };

        // 150 tokens of answer cost at most $0.00075 in a batch: three fit, four do not.
        var tooMuch = await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.SubmitAsync(how, Prompts[..4], default));
        Assert.Contains("the budget 'all'", tooMuch.Message, StringComparison.Ordinal);
        Assert.Empty(await workspace.Batches.ListAsync(default));

        var batch = await workspace.Batches.SubmitAsync(how, ["one", "two"], default);
        await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.SubmitAsync(how, ["one", "two", "three"], default));
        await foreach (var _ in workspace.Batches.WatchAsync(batch.Id, default))
        {
        }

        // Two answers of 1,000 and 100 tokens came to $0.002; $0.001 is left, which bears one more.
        await workspace.Batches.CollectAsync(batch.Id, default);
        await workspace.Batches.SubmitAsync(how, ["one"], default);
        await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.SubmitAsync(how, ["two"], default));
    }

    [Fact]
    public async Task A_rehearsed_batch_needs_no_server()
    {
        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = _store.Path, HostName = "test" }, default);
        await workspace.Providers.RegisterAsync(new ProviderDefinition { Name = "s", Kind = "simulated" }, false, default);
        await workspace.Routes.SetAsync(new RouteDefinition { Name = "r", Targets = [new RouteTarget("s", "m")] }, default);
        var batch = await workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, ["a", "b"], default);
        Assert.Equal(["Echo: a", "Echo: b"], (await workspace.Batches.CollectAsync(batch.Id, default)).Select(answer => answer.Message.TextContent));
    }

    [Fact]
    public async Task A_bedrock_account_without_the_settings_or_the_prompts_is_passed_over()
    {
        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = _store.Path, HostName = "test" }, default);
        await workspace.Providers.RegisterAsync(new ProviderDefinition { Name = "bare", Kind = "bedrock", Uri = new Uri("http://127.0.0.1:9") }, false, default);
        await BatchTesting.RouteAsync(workspace, "http://127.0.0.1:9", "bedrock");
        await workspace.Routes.SetAsync(new RouteDefinition { Name = "r", Targets = [new RouteTarget("bare", "m"), new RouteTarget("p", "m")] }, default);
        var none = await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, Prompts[..99], default));
        Assert.Equal(ErrorCodes.NoEligibleTarget, none.Code);
        Assert.Contains("bare/m: Its batches need a place in S3 and a role", none.Message, StringComparison.Ordinal);
        Assert.Contains("p/m: A batch holds at least 100 prompts there.", none.Message, StringComparison.Ordinal);
        Assert.Empty(await workspace.Batches.ListAsync(default));
    }

    [Fact]
    public async Task A_bedrock_job_that_fails_as_a_whole_says_why_for_each_prompt()
    {
        await using var server = await BatchTesting.StartAsync(Script);
        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = _store.Path, HostName = "test" }, default);
        await BatchTesting.RouteAsync(workspace, server.Address, "bedrock", minimum: 2);
        var batch = await workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, Prompts[..2], default);
        await foreach (var _ in workspace.Batches.WatchAsync(batch.Id, default))
        {
        }

        var answers = await workspace.Batches.CollectAsync(batch.Id, default);
        Assert.All(answers, answer => Assert.Contains("below the minimum of 100", answer.Error!.Message, StringComparison.Ordinal));
        Assert.Equal(0, Assert.Single(await workspace.Batches.ListAsync(default)).Cost);
    }

    private async Task<Workspace> OpenAsync(ModelServer server, string kind)
    {
        var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = _store.Path, HostName = "test" }, default);
        await BatchTesting.RouteAsync(workspace, server.Address, kind);
        return workspace;
    }
}
