using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Invocation;

public sealed class InvocationTests
{
    private const string PermitAll = """
        - {id: echo, effect: permit, resources: ['tool:Echo']}
        - {id: touch, effect: permit, resources: ['tool:Touch']}
        - {id: sleep, effect: permit, resources: ['tool:Sleep', 'tool:Sleep-Quietly']}
        """;

    [Fact]
    public async Task An_allowed_call_runs_and_its_output_reaches_the_model()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Echo, arguments: {Text: "hello there"}}
            - say: "The tool said: {{tool.Echo}}"
            """, PermitAll);

        var (result, events) = await test.InvokeAsync();

        Assert.Equal(SessionStatus.Completed, result.Status);
        Assert.Contains("hello there", result.Answer, StringComparison.Ordinal);
        Assert.Equal((2, 1, 0), (result.Steps, result.ToolCalls, result.Refusals));
        Assert.True(result.Cost > 0);
        Assert.Equal(SessionEventKind.Opened, events[0].Kind);
        Assert.Equal(SessionEventKind.Ended, events[^1].Kind);
    }

    [Fact]
    public async Task The_ledger_tells_the_intent_before_the_outcome_and_verifies()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Echo, arguments: {Text: hi}}
            - say: done
            """, PermitAll);

        var (result, _) = await test.InvokeAsync();

        var types = (await test.AuditAsync(result.Session)).Select(record => record.Type).ToArray();
        Assert.Equal(
            [
                EventTypes.SessionOpened, EventTypes.ModelRequested, EventTypes.ModelCompleted, EventTypes.ToolStarted, EventTypes.ToolCompleted,
                EventTypes.ModelRequested, EventTypes.ModelCompleted, EventTypes.SessionEnded,
            ],
            types);
        Assert.True((await test.Workspace.Ledger.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
    }

    [Fact]
    public async Task What_no_rule_permits_is_refused_and_the_model_is_told_why()
    {
        await using var test = await TestWorkspace.OpenAsync();
        var forbidden = Path.Combine(test.Outside, "forbidden");
        await test.ImportAsync($$$"""
            - call: {tool: Touch, arguments: {Path: "{{{forbidden}}}"}}
            - say: "I was told: {{tool.Touch}}"
            """, "- {id: echo, effect: permit, resources: ['tool:Echo']}");

        var (result, events) = await test.InvokeAsync();

        Assert.False(File.Exists(forbidden));
        Assert.Equal(1, result.Refusals);
        var refusal = Assert.Single(events, item => item.Kind == SessionEventKind.ToolRefused);
        Assert.NotEmpty(refusal.Reason!);
        Assert.Contains(refusal.Reason!, result.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain(await test.AuditAsync(result.Session), record => record.Type == EventTypes.ToolStarted);
    }

    [Fact]
    public async Task The_same_refused_call_three_times_ends_the_session()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- {repeat: true, call: {tool: Touch, arguments: {Path: /tmp/x}}}", "- {id: echo, effect: permit, resources: ['tool:Echo']}");

        var (result, _) = await test.InvokeAsync();

        Assert.Equal(SessionStatus.Refused, result.Status);
        Assert.Equal(3, result.Refusals);
    }

    [Theory]
    [InlineData("""{tool: Nothing, arguments: {}}""")]
    [InlineData("""{tool: Echo, arguments: {Text: a, Extra: b}}""")]
    [InlineData("""{tool: Echo, arguments: {}}""")]
    [InlineData("""{tool: Echo, arguments: "{not json"}""")]
    [InlineData("""{tool: Echo, arguments: {Text: "--version"}}""")]
    [InlineData("""{tool: Sleep, arguments: {Seconds: "0x10"}}""")]
    public async Task A_call_that_can_not_be_bound_is_refused(string call)
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync($"- call: {call}\n- say: done", PermitAll);

        var (result, _) = await test.InvokeAsync();

        Assert.Equal((SessionStatus.Completed, 0, 1), (result.Status, result.ToolCalls, result.Refusals));
    }

    [Fact]
    public async Task A_plan_runs_only_what_has_no_side_effect()
    {
        await using var test = await TestWorkspace.OpenAsync();
        var target = Path.Combine(test.Outside, "planned");
        await test.ImportAsync($$$"""
            - call: [{tool: Echo, arguments: {Text: hi}}, {tool: Touch, arguments: {Path: "{{{target}}}"}}]
            - say: done
            """, PermitAll);

        var (result, events) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", PlanOnly = true });

        Assert.False(File.Exists(target));
        Assert.Equal((1, 1), (result.ToolCalls, result.Planned));
        Assert.Equal("Touch", Assert.Single(events, item => item.Kind == SessionEventKind.ToolPlanned).Tool);
    }

    [Theory]
    [InlineData("limits: {maxSteps: 2}", "model calls", "steps")]
    [InlineData("limits: {maxToolCalls: 2}", "tool calls", "toolCalls")]
    [InlineData("limits: {maxCost: \"0.01\"}", "bound of $0.01", "cost")]
    [InlineData("budget: \"0.01\"", "budget of $0.01", "budget")]
    public async Task A_limit_ends_the_session_and_says_which(string agent, string says, string limit)
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- {repeat: true, call: {tool: Echo, arguments: {Text: again}}}", PermitAll, agent);

        var (result, events) = await test.InvokeAsync();

        Assert.Equal(SessionStatus.LimitReached, result.Status);
        Assert.Contains(says, result.Reason, StringComparison.Ordinal);
        var struck = Assert.Single(await test.AuditAsync(result.Session), record => record.Type == EventTypes.SessionLimitReached);
        Assert.Equal(limit, struck.Data.GetProperty("limit").GetString());
        var shown = Assert.Single(events, item => item.Kind == SessionEventKind.LimitReached);
        Assert.Equal((struck.Sequence, result.Reason), (shown.Sequence, shown.Reason));
    }

    [Fact]
    public async Task The_limit_on_wall_time_ends_a_tool_that_runs()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- call: {tool: Sleep, arguments: {Seconds: 60}}", PermitAll, "limits: {maxDuration: PT1S}");

        var (result, _) = await test.InvokeAsync();

        Assert.Equal(SessionStatus.LimitReached, result.Status);
        Assert.Contains("wall time", result.Reason, StringComparison.Ordinal);
        Assert.Contains(await test.AuditAsync(result.Session), record => record.Type == EventTypes.SessionLimitReached && record.Data.GetProperty("limit").GetString() == "duration");
    }

    [Fact]
    public async Task A_time_out_ends_the_tool_and_the_model_is_told()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Sleep-Quietly, arguments: {Seconds: 30}}
            - say: "{{tool.Sleep-Quietly}}"
            """, PermitAll);

        var (result, _) = await test.InvokeAsync();

        Assert.Contains("time-out", result.Answer, StringComparison.Ordinal);
        Assert.True(result.Duration < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_suspended_agent_can_not_be_invoked()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- say: done", PermitAll);
        await test.Workspace.Agents.SuspendAsync("A", "trial", CancellationToken.None);

        var fault = await Assert.ThrowsAsync<AgentOpsException>(() => test.InvokeAsync());

        Assert.Equal(ErrorCodes.AgentSuspended, fault.Code);
    }

    [Fact]
    public async Task An_unknown_agent_is_an_error_with_its_mend()
    {
        await using var test = await TestWorkspace.OpenAsync();

        var fault = await Assert.ThrowsAsync<AgentOpsException>(() => test.InvokeAsync());

        Assert.Equal(ErrorCodes.AgentNotFound, fault.Code);
        Assert.NotEmpty(fault.Mend);
    }

    [Fact]
    public async Task A_revoked_permission_is_out_of_force_at_once()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Echo, arguments: {Text: hi}}
            - say: done
            """, PermitAll);
        await test.Workspace.Permissions.RevokeAsync("p/echo", CancellationToken.None);

        var (result, _) = await test.InvokeAsync();

        Assert.Equal((0, 1), (result.ToolCalls, result.Refusals));
    }

    [Fact]
    public async Task Ending_the_enumeration_early_stops_the_session_and_records_it()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Sleep, arguments: {Seconds: 30}}
            - say: done
            """, PermitAll);

        await foreach (var item in test.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, CancellationToken.None))
        {
            if (item.Kind == SessionEventKind.ToolStarted)
            {
                break;
            }
        }

        var session = Assert.Single(await test.Workspace.Sessions.ListAsync(CancellationToken.None));
        Assert.Equal(SessionStatus.Stopped, session.Status);
        Assert.Single(session.Pending);
    }
}
