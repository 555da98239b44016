using System.Text.Json;
using AgentOps.Cli.Serving;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>Batches whose submission is lost on the way, at every point of it: each is found or given up, and none is submitted twice.</summary>
public sealed class BatchReconciliationTests : IDisposable
{
    private const string Script = """[{"say":"Re: {{user}}","repeat":true,"usage":{"input":1000,"output":100}}]""";

    private static readonly string[] Prompts = [.. Enumerable.Range(0, 100).Select(index => $"number {index}")];

    private readonly TemporaryFolder _store = new();

    public static TheoryData<string, string, string> Kinds => new()
    {
        { "openai", "POST /v1/batches ", "/v1/batches" },
        { "anthropic", "POST /v1/messages/batches ", "/v1/messages/batches" },
        { "bedrock", "POST /model-invocation-job ", "/model-invocation-jobs" },
        { "azure-openai", "POST /openai/batches?", "/openai/batches" },
        { "gemini", "POST /v1beta/models/m:batchGenerateContent ", "/v1beta/batches" },
    };

    public void Dispose() => _store.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_answer_that_is_lost_loses_no_batch(string kind, string call, string list)
    {
        await using var server = await BatchTesting.StartAsync(Script);
        using var proxy = new LossyProxy(server.Address) { Call = call, Mode = LossyProxy.Loss.Answer };
        await using var workspace = await OpenAsync();
        await BatchTesting.RouteAsync(workspace, proxy.Address, kind);
        try
        {
            Assert.Equal(BatchStatus.Running, (await workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, Prompts, default)).Status);
        }
        catch (AgentOpsException exception) when (kind == "anthropic")
        {
            // There a batch can't be told from others before it has ended.
            Assert.Equal(ErrorCodes.BatchUnknown, exception.Code);
            Assert.Equal(BatchStatus.Unknown, Assert.Single(await workspace.Batches.ListAsync(default)).Status);
        }

        proxy.Mode = LossyProxy.Loss.None;
        await CollectAsync(workspace);
        Assert.Equal(1, await CountAsync(server, list));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_process_that_ends_before_the_answer_loses_no_batch(string kind, string call, string list)
    {
        await using var server = await BatchTesting.StartAsync(Script);
        using var proxy = new LossyProxy(server.Address) { Call = call, Mode = LossyProxy.Loss.AnswerInSilence };
        await using (var first = await OpenAsync())
        {
            await BatchTesting.RouteAsync(first, proxy.Address, kind);
            using var end = new CancellationTokenSource();
            var submission = first.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, Prompts, end.Token).AsTask();
            await proxy.Lost;
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submission);
        }

        proxy.Mode = LossyProxy.Loss.None;
        await using var second = await OpenAsync();
        Assert.Equal(BatchStatus.Submitting, Assert.Single(await second.Batches.ListAsync(default)).Status);
        await CollectAsync(second);
        Assert.Equal(1, await CountAsync(server, list));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_request_that_is_lost_is_given_up_when_it_can_no_longer_arrive(string kind, string call, string list)
    {
        await using var server = await BatchTesting.StartAsync(Script);
        using var proxy = new LossyProxy(server.Address) { Call = call, Mode = LossyProxy.Loss.Request };
        await using var workspace = await OpenAsync();
        await BatchTesting.RouteAsync(workspace, proxy.Address, kind);
        await workspace.Budgets.SetAsync(new Budget { Name = "all", Scope = BudgetScope.Workspace, Max = 0.5m }, default);
        var how = new RoutePrompt { Route = "r", MaxOutputTokens = 900 };
        var unknown = await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.SubmitAsync(how, Prompts, default));
        Assert.Equal(ErrorCodes.BatchUnknown, unknown.Code);
        Assert.Contains("may still appear until", unknown.Message, StringComparison.Ordinal);

        // What it may cost stays set aside as long.
        await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.SubmitAsync(how, Prompts, default));
        var batch = Assert.Single(await workspace.Batches.ListAsync(default));
        Assert.Equal(BatchStatus.Unknown, batch.Status);
        Assert.Equal(ErrorCodes.BatchUnknown, (await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.CollectAsync(batch.Id, default))).Code);

        await using var later = await OpenAsync(TimeSpan.FromMinutes(36));
        Assert.Equal(BatchStatus.Refused, (await later.Batches.StopAsync(batch.Id, default)).Status);
        Assert.Equal(ErrorCodes.BatchNotTaken, (await Assert.ThrowsAsync<AgentOpsException>(async () => await later.Batches.CollectAsync(batch.Id, default))).Code);
        batch = Assert.Single(await later.Batches.ListAsync(default));
        Assert.Equal((BatchStatus.Refused, null), (batch.Status, batch.Reserved));
        Assert.Equal(0, await CountAsync(server, list));

        proxy.Mode = LossyProxy.Loss.None;
        Assert.Equal(BatchStatus.Running, (await later.Batches.SubmitAsync(how, Prompts, default)).Status);
    }

    [Fact]
    public async Task A_list_that_does_not_come_leaves_it_open_and_is_asked_for_again()
    {
        await using var server = await BatchTesting.StartAsync(Script);
        using var proxy = new LossyProxy(server.Address) { Mode = LossyProxy.Loss.Answer };
        await using var workspace = await OpenAsync();
        await BatchTesting.RouteAsync(workspace, proxy.Address, "anthropic");
        var unknown = await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, Prompts, default));
        Assert.Equal(ErrorCodes.BatchUnknown, unknown.Code);
        Assert.Contains("the provider's list of batches did not come", Assert.Single(await workspace.Batches.ListAsync(default)).Reason, StringComparison.Ordinal);

        proxy.Mode = LossyProxy.Loss.None;
        await CollectAsync(workspace);
        Assert.Equal(1, await CountAsync(server, "/v1/messages/batches"));
    }

    [Fact]
    public async Task A_batch_of_another_is_not_taken_for_ones_own()
    {
        // Of the same size and time, at a vendor that knows no names.
        await using var server = await BatchTesting.StartAsync(Script);
        using var proxy = new LossyProxy(server.Address);
        await using var workspace = await OpenAsync();
        await BatchTesting.RouteAsync(workspace, proxy.Address, "anthropic");
        using var other = new TemporaryFolder();
        await using (var stranger = await Workspace.OpenAsync(new WorkspaceOptions { Store = other.Path, HostName = "test" }, default))
        {
            await BatchTesting.RouteAsync(stranger, server.Address, "anthropic");
            var theirs = await stranger.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, Prompts, default);
            await foreach (var _ in stranger.Batches.WatchAsync(theirs.Id, default))
            {
            }
        }

        (proxy.Call, proxy.Mode) = ("POST /v1/messages/batches ", LossyProxy.Loss.Request);
        await Assert.ThrowsAsync<AgentOpsException>(async () => await workspace.Batches.SubmitAsync(new RoutePrompt { Route = "r" }, Prompts, default));
        Assert.Null(Assert.Single(await workspace.Batches.ListAsync(default)).VendorId);
        Assert.Equal(1, await CountAsync(server, "/v1/messages/batches"));
    }

    private static async Task CollectAsync(Workspace workspace)
    {
        var id = Assert.Single(await workspace.Batches.ListAsync(default)).Id;
        await foreach (var progress in workspace.Batches.WatchAsync(id, default))
        {
            Assert.False(progress is { IsEnded: true, Unknown: not null });
        }

        Assert.Equal(Prompts.Select(prompt => $"Re: {prompt}"), (await workspace.Batches.CollectAsync(id, default)).Select(answer => answer.Message.TextContent));
        Assert.Equal((BatchStatus.Collected, 0.1m), (Assert.Single(await workspace.Batches.ListAsync(default)).Status, Assert.Single(await workspace.Batches.ListAsync(default)).Cost));
    }

    private static async Task<int> CountAsync(ModelServer server, string list)
    {
        using var http = new HttpClient();
        using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri(server.Address + list)));
        return document.RootElement.EnumerateObject().First(member => member.Value.ValueKind == JsonValueKind.Array).Value.GetArrayLength();
    }

    private ValueTask<Workspace> OpenAsync(TimeSpan later = default) =>
        Workspace.OpenAsync(new WorkspaceOptions { Store = _store.Path, HostName = "test", Time = new LaterTime(later) }, default);
}
