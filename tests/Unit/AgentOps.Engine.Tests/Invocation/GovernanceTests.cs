using AgentOps.Engine.Approvals;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Sessions;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>Obligations as an invocation meets them: approvals, limits, dry runs, history.</summary>
public sealed class GovernanceTests
{
    private const string Permit = """
        - {id: echo, effect: permit, resources: ['tool:Echo']}
        - {id: touch, effect: permit, resources: ['tool:Touch']}
        """;

    private const string TwoEchoes = """
        - call: {tool: Echo, arguments: {Text: one}}
        - call: {tool: Echo, arguments: {Text: two}}
        - call: {tool: Echo, arguments: {Text: three}}
        - say: done
        """;

    [Fact]
    public async Task A_call_waits_for_its_approval_and_runs_once_for_it()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Echo, arguments: {Text: please}}
            - say: "{{tool.Echo}}"
            """, Permit + Require("{approval: {quorum: 1, notRequester: false, timeout: PT1M}}"));
        await using var elsewhere = await TestWorkspace.OpenAsync(test.Folder);

        var events = new List<SessionEvent>();
        await foreach (var item in test.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, CancellationToken.None))
        {
            events.Add(item);
            if (item.Kind == SessionEventKind.ApprovalRequested)
            {
                await elsewhere.Workspace.Requests.AnswerAsync(item.Approval!, approves: true, "fine", CancellationToken.None);
            }
        }

        Assert.Equal((SessionStatus.Completed, 1), (events[^1].Result!.Status, events[^1].Result!.ToolCalls));
        Assert.Contains("please", events[^1].Result!.Answer, StringComparison.Ordinal);
        Assert.Equal(ApprovalStatus.Consumed, Assert.Single(await test.Workspace.Requests.ListAsync(CancellationToken.None)).Recorded);
    }

    [Fact]
    public async Task A_denied_call_is_refused()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Echo, arguments: {Text: please}}
            - say: "{{tool.Echo}}"
            """, Permit + Require("{approval: {quorum: 1, notRequester: false, timeout: PT1M}}"));

        InvocationResult? result = null;
        await foreach (var item in test.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, CancellationToken.None))
        {
            result = item.Result ?? result;
            if (item.Kind == SessionEventKind.ApprovalRequested)
            {
                await test.Workspace.Requests.AnswerAsync(item.Approval!, approves: false, "no", CancellationToken.None);
            }
        }

        Assert.Equal((0, 1), (result!.ToolCalls, result.Refusals));
        Assert.Contains("denied", result.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unanswered_call_is_refused_when_its_time_is_over()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Echo, arguments: {Text: please}}
            - say: done
            """, Permit + Require("{approval: {quorum: 1, timeout: PT1S}}"));

        var (result, _) = await test.InvokeAsync();

        Assert.Equal((0, 1), (result.ToolCalls, result.Refusals));
    }

    [Fact]
    public async Task The_requester_does_not_count_where_the_rule_says_so()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- {call: {tool: Echo, arguments: {Text: please}}}", Permit + Require("{approval: {quorum: 1, notRequester: true, timeout: PT1M}}"));
        await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", NoWait = true });
        var request = Assert.Single(await test.Workspace.Requests.ListAsync(CancellationToken.None));

        var fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await test.Workspace.Requests.AnswerAsync(request.Id, true, null, CancellationToken.None));

        Assert.Equal(ErrorCodes.AnswerRefused, fault.Code);
    }

    [Fact]
    public async Task Without_waiting_the_session_is_let_go_of_and_an_approval_serves_no_other_session()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- {call: {tool: Echo, arguments: {Text: please}}}\n- {say: done}", Permit + Require("{approval: {quorum: 1, notRequester: false, timeout: PT5M}}"));
        var asking = new InvocationRequest { Agent = "a", Prompt = "go", NoWait = true };

        var (first, _) = await test.InvokeAsync(asking);
        Assert.Equal((SessionStatus.Pending, 0, 0), (first.Status, first.ToolCalls, first.Refusals));
        var request = Assert.Single(await test.Workspace.Requests.ListAsync(CancellationToken.None));
        await test.Workspace.Requests.AnswerAsync(request.Id, true, null, CancellationToken.None);
        var (second, _) = await test.InvokeAsync(asking);

        Assert.Equal(0, second.ToolCalls);
        Assert.Equal(2, (await test.Workspace.Requests.ListAsync(CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_limit_holds_over_sessions_and_says_which()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(TwoEchoes, Permit + Require("{limit: {key: agent, sum: calls, max: \"4\", window: P1D}}"));

        var (first, _) = await test.InvokeAsync();
        var (second, events) = await test.InvokeAsync();

        Assert.Equal((3, 0), (first.ToolCalls, first.Refusals));
        Assert.Equal((1, 2), (second.ToolCalls, second.Refusals));
        Assert.Contains("p/r", events.First(item => item.Kind == SessionEventKind.ToolRefused).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_call_gives_back_what_it_had_set_aside()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Touch, arguments: {Path: /nowhere/at/all}}
            - call: {tool: Touch, arguments: {Path: /nowhere/at/all/again}}
            - say: done
            """, Permit + "\n- {id: r, effect: require, resources: ['tool:Touch'], obligations: [{limit: {key: agent, sum: calls, max: \"1\", window: P1D}}]}");

        var (result, _) = await test.InvokeAsync();

        Assert.Equal((2, 0), (result.ToolCalls, result.Refusals));
    }

    [Fact]
    public async Task A_dry_run_opens_the_way_for_the_same_call_only()
    {
        await using var test = await TestWorkspace.OpenAsync();
        var path = Path.Combine(test.Outside, "made");
        await test.ImportAsync($$$"""
            - call: {tool: Touch, arguments: {Path: "{{{path}}}"}}
            - say: done
            """, Permit + "\n- {id: r, effect: require, resources: ['tool:Touch'], obligations: [{dryRun: {within: PT1H}}]}");

        var (refused, _) = await test.InvokeAsync();
        var (planned, _) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", PlanOnly = true });
        Assert.False(File.Exists(path));
        var (done, _) = await test.InvokeAsync();

        Assert.Equal((1, 1, 1), (refused.Refusals, planned.Planned, done.ToolCalls));
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task A_refused_call_is_history_as_such_and_no_call_that_was_made()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Echo, arguments: {Text: evil}}
            - call: {tool: Echo, arguments: {Text: good}}
            - say: done
            """, """
            - {id: echo, effect: permit, resources: ['tool:Echo']}
            - {id: not-evil, effect: forbid, resources: ['tool:Echo'], args: {Text: {type: string, in: [evil]}}}
            - {id: made, effect: forbid, resources: ['tool:Echo'], when: [{history: {tool: Echo, within: PT1H}}]}
            """);
        var (first, _) = await test.InvokeAsync();
        Assert.Equal((1, 1), (first.ToolCalls, first.Refusals));

        await test.ImportAsync("- call: {tool: Echo, arguments: {Text: good}}\n- say: done", """
            - {id: echo, effect: permit, resources: ['tool:Echo']}
            - {id: tried, effect: forbid, resources: ['tool:Echo'], when: [{history: {tool: Echo, outcome: refused, within: PT1H}}]}
            """);
        var (second, events) = await test.InvokeAsync();
        Assert.Equal((0, 1), (second.ToolCalls, second.Refusals));
        Assert.Contains(events, item => item.Reason?.Contains("p/tried", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_group_and_a_wildcard_are_granted_and_forbidden_one_at_a_time_too()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- call: {tool: Echo, arguments: {Text: one}}\n- say: done", "- {id: none, effect: forbid, resources: ['tool:None*']}");
        await test.Workspace.Configuration.ImportAsync(AgentOps.Engine.Configuration.ConfigurationSet.Parse("apiVersion: agentops/v1\nkind: Group\nname: g\nmembers: [a]\n", "g.yaml"), CancellationToken.None);
        await test.Workspace.Permissions.GrantAsync(
            new PolicyRule { Id = "g", Effect = PolicyEffect.Permit, Resources = [ResourcePattern.Parse("tool:Echo")], Subjects = new RuleSubjects(["group:g"], []) }, CancellationToken.None);
        Assert.Equal(1, (await test.InvokeAsync()).Result.ToolCalls);

        await test.Workspace.Permissions.GrantAsync(
            new PolicyRule { Id = "w", Effect = PolicyEffect.Forbid, Resources = [ResourcePattern.Parse("tool:Ec*")], Subjects = new RuleSubjects(["?"], []) }, CancellationToken.None);
        Assert.Equal(0, (await test.InvokeAsync()).Result.ToolCalls);
        var unknown = await Assert.ThrowsAsync<AgentOpsException>(async () => await test.Workspace.Permissions.GrantAsync(
            new PolicyRule { Id = "u", Effect = PolicyEffect.Permit, Resources = [ResourcePattern.Parse("tool:Echo")], Subjects = new RuleSubjects(["group:nobody"], []) }, CancellationToken.None));
        Assert.Equal(ErrorCodes.InvalidPolicy, unknown.Code);
    }

    [Fact]
    public async Task History_binds_a_call_to_what_was_really_done_before()
    {
        await using var test = await TestWorkspace.OpenAsync();
        var seen = Path.Combine(test.Outside, "seen");
        var other = Path.Combine(test.Outside, "other");
        await test.ImportAsync($$$"""
            - call: {tool: Echo, arguments: {Text: "{{{seen}}}"}}
            - call: {tool: Touch, arguments: {Path: "{{{other}}}"}}
            - call: {tool: Touch, arguments: {Path: "{{{seen}}}"}}
            - say: done
            """, """
            - {id: echo, effect: permit, resources: ['tool:Echo']}
            - {id: touch, effect: permit, resources: ['tool:Touch'], when: [{history: {tool: Echo, outcome: ok, within: PT1H, same: {Text: args.Path}}}]}
            """);

        await test.InvokeAsync();

        Assert.False(File.Exists(other));
        Assert.True(File.Exists(seen));
        Assert.True((await test.Workspace.Ledger.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
    }

    [Fact]
    public void Obligations_are_all_met_by_the_gate()
    {
        // An obligation that the gate does not know would be granted silently: this list grows with the language.
        var kinds = typeof(Obligation).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Obligation))).Select(type => type.Name).Order(StringComparer.Ordinal);

        Assert.Equal(["ApprovalObligation", "CompensateObligation", "DryRunObligation", "LimitObligation"], kinds);
    }

    private static string Require(string obligation) => $"\n- {{id: r, effect: require, resources: ['tool:Echo'], obligations: [{obligation}]}}";
}
