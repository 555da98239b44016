using AgentOps.Engine.Agents;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Sessions;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>Money for models: of the workspace, an agent, a session, a task, a day. One model call of these scenarios can cost a little over four dollars.</summary>
public sealed class BudgetTests
{
    private const string Nothing = "- {id: none, effect: forbid, resources: ['tool:None*']}";
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Theory]
    [InlineData(BudgetScope.Workspace, null, true)]
    [InlineData(BudgetScope.Agent, "A", true)]
    [InlineData(BudgetScope.Agent, "b", false)]
    [InlineData(BudgetScope.Task, "T-1", true)]
    [InlineData(BudgetScope.Task, "t-2", false)]
    [InlineData(BudgetScope.Session, null, true)]
    public async Task A_budget_stops_what_it_covers_and_nothing_else(BudgetScope scope, string? of, bool isCovered)
    {
        await using var test = await OpenAsync();
        await test.Workspace.Budgets.SetAsync(new Budget { Name = "b", Scope = scope, Of = of, Max = 1, Window = scope == BudgetScope.Session ? null : Day }, CancellationToken.None);

        var (result, _) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", Task = "t-1" });

        Assert.Equal(isCovered ? SessionStatus.LimitReached : SessionStatus.Completed, result.Status);
        Assert.Equal(isCovered, result.Cost == 0);
        if (isCovered && scope != BudgetScope.Session)
        {
            Assert.Contains("the budget 'b'", result.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_was_really_spent_counts_and_is_shown_and_another_bound_goes_on_counting()
    {
        await using var test = await OpenAsync();
        await test.Workspace.Budgets.SetAsync(new Budget { Name = "day", Scope = BudgetScope.Workspace, Max = 10, Window = Day }, CancellationToken.None);

        var (first, _) = await test.InvokeAsync();

        var use = await UseAsync(test, "day");
        Assert.InRange(first.Cost, 0.001m, 1m);
        Assert.Equal((first.Cost, 0m, 10 - first.Cost), (use.Spent, use.Reserved, use.Left));
        await test.Workspace.Budgets.SetAsync(new Budget { Name = "Day", Scope = BudgetScope.Workspace, Max = 3, Window = Day }, CancellationToken.None);
        Assert.Equal(first.Cost, (await UseAsync(test, "day")).Spent);
        Assert.Equal(SessionStatus.LimitReached, (await test.InvokeAsync()).Result.Status);
        await test.Workspace.Budgets.RemoveAsync("DAY", CancellationToken.None);
        Assert.Equal(SessionStatus.Completed, (await test.InvokeAsync()).Result.Status);
    }

    [Fact]
    public async Task Sessions_of_two_processes_at_once_never_pass_it_together()
    {
        await using var test = await OpenAsync();
        await using var other = await TestWorkspace.OpenAsync(test.Folder);
        await test.Workspace.Budgets.SetAsync(new Budget { Name = "all", Scope = BudgetScope.Workspace, Max = 9 }, CancellationToken.None);

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () => (await (i % 2 == 0 ? test : other).InvokeAsync()).Result)));

        Assert.All(results, result => Assert.True(result.Status is SessionStatus.Completed or SessionStatus.LimitReached, result.Reason));
        Assert.Contains(results, result => result.Status == SessionStatus.Completed);
        var use = await UseAsync(test, "all");
        Assert.Equal((results.Sum(result => result.Cost), 0m), (use.Spent, use.Reserved));
        var replay = LimitState.Empty;
        var peak = 0m;
        foreach (var record in await test.AuditAsync())
        {
            replay = replay.Apply(record);
            peak = Math.Max(peak, replay.Used(use.Budget.Key, record.Time));
        }

        Assert.InRange(peak, 4m, 9m);
    }

    [Fact]
    public async Task What_a_dead_process_had_set_aside_is_spent_once_its_time_is_over_and_blocks_nothing_for_good()
    {
        await using var test = await OpenAsync();
        var budget = await test.Workspace.Budgets.SetAsync(new Budget { Name = "b", Scope = BudgetScope.Workspace, Max = 12, Window = TimeSpan.FromHours(1) }, CancellationToken.None);
        Assert.True(LimitState.Empty.TryReserve("dead/m1", [budget.Demand(5)], DateTimeOffset.UtcNow, TimeSpan.Zero, out var reserved, out _, out _));
        await test.Workspace.Ledger.AppendAsync([reserved], CancellationToken.None);
        Assert.Equal((0m, 5m), ((await UseAsync(test, "b")).Spent, (await UseAsync(test, "b")).Reserved));

        var (result, _) = await test.InvokeAsync();

        Assert.Equal(SessionStatus.Completed, result.Status);
        Assert.Equal((5 + result.Cost, 0m), ((await UseAsync(test, "b")).Spent, (await UseAsync(test, "b")).Reserved));
    }

    [Fact]
    public async Task A_target_without_a_price_is_not_used_where_a_budget_covers_the_call()
    {
        await using var test = await OpenAsync();
        await test.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse("""
            apiVersion: agentops/v1
            kind: Provider
            name: cloud
            protocol: openai
            uri: https://models.invalid/v1
            ---
            apiVersion: agentops/v1
            kind: Route
            name: default
            targets: [{provider: cloud, model: listed-nowhere}]
            """, "cloud.yaml"), CancellationToken.None);
        await test.Workspace.Budgets.SetAsync(new Budget { Name = "b", Scope = BudgetScope.Session, Max = 100 }, CancellationToken.None);

        var fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await test.InvokeAsync());

        Assert.Equal(ErrorCodes.NoEligibleTarget, fault.Code);
        Assert.Contains("price is unknown", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompts_without_an_agent_count_and_one_that_does_not_fit_says_why()
    {
        await using var test = await OpenAsync();
        await test.Workspace.Budgets.SetAsync(new Budget { Name = "b", Scope = BudgetScope.Task, Of = "batch", Max = 5 }, CancellationToken.None);

        var answers = new List<RouteBatchAnswer>();
        await foreach (var answer in test.Workspace.Prompts.InvokeAsync(new RoutePrompt { Route = "default", Task = "batch", MaxConcurrency = 1 }, PromptsAsync(4), null, CancellationToken.None))
        {
            answers.Add(answer);
        }

        var made = answers.Where(answer => answer.Error is null).ToArray();
        var use = await UseAsync(test, "b");
        Assert.NotEmpty(made);
        Assert.Equal((made.Sum(answer => answer.Cost), 0m), (use.Spent, use.Reserved));

        await test.Workspace.Budgets.SetAsync(new Budget { Name = "b", Scope = BudgetScope.Task, Of = "batch", Max = 1 }, CancellationToken.None);
        await foreach (var answer in test.Workspace.Prompts.InvokeAsync(new RoutePrompt { Route = "default", Task = "batch" }, PromptsAsync(2), null, CancellationToken.None))
        {
            Assert.Equal(ErrorCodes.NoEligibleTarget, answer.Error!.Code);
            Assert.Contains("the budget 'b'", answer.Error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(use.Spent, (await UseAsync(test, "b")).Spent);
    }

    [Theory]
    [InlineData("scope: agent, max: \"1\"", "names it with 'of'")]
    [InlineData("scope: workspace, of: a, max: \"1\"", "names it with 'of'")]
    [InlineData("scope: session, max: \"1\", window: P1D", "has no window")]
    [InlineData("scope: workspace, max: \"-1\"", "below zero")]
    [InlineData("scope: dayly, max: \"1\"", "scope")]
    [InlineData("scope: workspace", "max")]
    public async Task A_budget_that_makes_no_sense_is_refused_with_its_place(string body, string told)
    {
        await using var test = await OpenAsync();
        var text = "apiVersion: agentops/v1\nkind: Budget\nname: b\n" + string.Join('\n', body.Split(", ")) + "\n";

        var fault = Assert.Throws<AgentOpsException>(() => ConfigurationSet.Parse(text, "b.yaml"));

        Assert.Contains("b.yaml:", fault.Message, StringComparison.Ordinal);
        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<AgentOpsException>(async () =>
            await test.Workspace.Budgets.SetAsync(new Budget { Name = "b", Scope = BudgetScope.Agent, Of = "nobody", Max = 1 }, CancellationToken.None));
        Assert.Equal(ErrorCodes.AgentNotFound, unknown.Code);
    }

    private static async Task<TestWorkspace> OpenAsync()
    {
        var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- {say: done}", Nothing);
        await test.Workspace.Agents.CreateAsync(new AgentDefinition { Name = "b", Route = "default" }, CancellationToken.None);
        return test;
    }

    private static async Task<BudgetUse> UseAsync(TestWorkspace test, string name)
    {
        var state = await test.Workspace.GetStateAsync(CancellationToken.None);
        return BudgetBook.UseOf(state, state.Budgets[name], DateTimeOffset.UtcNow);
    }

    private static async IAsyncEnumerable<string> PromptsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return $"prompt {i}";
        }
    }
}
