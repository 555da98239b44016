using System.Text.Json;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Sessions;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>Routes and data as resources: what the rules say of them holds in a session, and a test of permissions says the same.</summary>
public sealed class ResourceTests
{
    private const string ReadFile = """
        apiVersion: agentops/v1
        kind: Tool
        name: Read
        process: {command: [cat, "{Path}"]}
        parameters: {Path: {type: path, mandatory: true}}
        sideEffect: none
        data: {class: secret, roots: {hr: $OUTSIDE, hr/pay: $OUTSIDE/payroll}}
        """;

    private const string Echo = TestWorkspace.Echo + "\ndata: {class: secret, paths: [hr/people]}";

    private const string Twice = "- call: {tool: Echo, arguments: {Text: hello}}\n- say: done";

    private const string Permits = "- {id: echo, effect: permit, resources: ['tool:Echo', 'data:hr']}\n";

    [Fact]
    public async Task The_agents_own_route_needs_no_permit_and_a_forbid_still_stops_it()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- {say: done}", "- {id: none, effect: forbid, resources: ['tool:None*']}");
        var (allowed, _) = await test.InvokeAsync();
        Assert.Equal(SessionStatus.Completed, allowed.Status);
        Assert.Equal("agent.route", (await test.AuditAsync(allowed.Session)).First(record => record.Type == "model.requested").Data.GetProperty("rules")[0].GetString());

        await test.ImportAsync("- {say: done}", "- {id: no-model, effect: forbid, resources: ['route:d*']}");
        var (stopped, _) = await test.InvokeAsync();
        Assert.Equal((SessionStatus.Refused, 0m, 0), (stopped.Status, stopped.Cost, (await test.AuditAsync(stopped.Session)).Count(record => record.Type == "model.requested")));
        Assert.Contains("p/no-model", stopped.Reason, StringComparison.Ordinal);
        Assert.False((await TestAsync(test, "route:default")).IsAllowed);
    }

    [Fact]
    public async Task What_a_session_has_seen_closes_a_route_to_it()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(Twice, Permits + "- {id: no-secrets, effect: forbid, resources: ['route:default'], when: [{fact: session.maxDataClass, gte: secret}]}", tools: Echo);

        var (result, _) = await test.InvokeAsync();

        Assert.Equal((SessionStatus.Refused, 1), (result.Status, result.ToolCalls));
        Assert.Contains("p/no-secrets", result.Reason, StringComparison.Ordinal);
        Assert.Equal("secret", (await test.Workspace.GetStateAsync(CancellationToken.None)).Sessions[result.Session].DataClass);
    }

    [Fact]
    public async Task A_target_without_the_clearance_is_not_given_what_the_session_has_seen()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(Twice, Permits, tools: Echo);
        await test.Workspace.Routes.SetAsync((await test.Workspace.GetStateAsync(CancellationToken.None)).Routes["default"] is var route
            ? route with { Targets = [.. route.Targets.Select(target => target with { Clearance = "internal" })] } : null!, CancellationToken.None);

        var fault = await Assert.ThrowsAsync<AgentOps.Engine.Errors.AgentOpsException>(async () => await test.InvokeAsync());

        Assert.Equal(AgentOps.Engine.Errors.ErrorCodes.NoEligibleTarget, fault.Code);
    }

    [Fact]
    public async Task A_limit_on_a_route_holds_over_sessions_and_counts_what_it_really_cost()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- {say: done}", "- {id: few, effect: require, resources: ['route:*'], obligations: [{limit: {key: agent, sum: calls, max: 2, window: P1D}}, {limit: {key: agent, sum: cost, max: 100, window: P1D}}]}");

        var (first, _) = await test.InvokeAsync();
        var (second, _) = await test.InvokeAsync();
        var (third, _) = await test.InvokeAsync();

        Assert.Equal((SessionStatus.Completed, SessionStatus.Completed, SessionStatus.LimitReached), (first.Status, second.Status, third.Status));
        var limits = (await test.Workspace.GetStateAsync(CancellationToken.None)).Limits;
        Assert.Empty(limits.Open);
        var used = limits.ToJson()["uses"]!.AsArray().Single(use => ((string)use!["key"]!).Contains("|cost|", StringComparison.Ordinal))!;
        Assert.Equal(first.Cost + second.Cost, decimal.Parse((string)used["total"]!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.False((await TestAsync(test, "route:default")).IsAllowed);
    }

    [Theory]
    [InlineData("{approval: {quorum: 1}}", "route:default", "of a route only limits")]
    [InlineData("{limit: {key: agent, sum: args.X, max: 1}}", "route:*", "of a route only limits")]
    [InlineData("{dryRun: {within: P1D}}", "route:*", "of a route only limits")]
    [InlineData("{limit: {key: agent, sum: cost, max: 1}}", "tool:Echo", "cost is what models cost")]
    [InlineData("{approval: {quorum: 1}}", "net:*.example.org", "nothing can be required of a host")]
    [InlineData("{limit: {key: agent, sum: calls, max: 1}}", "route:defalt", "unknown route 'defalt'; did you mean 'default'?")]
    public async Task A_demand_that_nothing_could_keep_is_refused_when_it_is_loaded(string obligation, string resource, string told)
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- {say: done}", Permits, tools: Echo);

        var fault = await Assert.ThrowsAsync<AgentOps.Engine.Errors.AgentOpsException>(async () =>
            await test.ImportAsync("- {say: done}", $"- {{id: r, effect: require, resources: ['{resource}'], obligations: [{obligation}]}}", tools: Echo));

        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
        Assert.Contains("test.yaml:", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- {id: t, effect: permit, resources: ['tool:Echo']}", "Nothing permits agent 'a' to use data 'hr/people'.")]
    [InlineData("- {id: d, effect: permit, resources: ['data:hr']}", "Nothing permits agent 'a' to use tool 'Echo'.")]
    [InlineData(Permits + "- {id: no, effect: forbid, resources: ['data:hr/**']}", "Forbidden by rule 'p/no'.")]
    [InlineData(Permits + "- {id: no, effect: forbid, resources: ['data:hr/*'], args: {Text: {type: string, in: [hello]}}}", "Forbidden by rule 'p/no'.")]
    [InlineData(Permits + "- {id: few, effect: require, resources: ['data:**'], obligations: [{limit: {key: agent, sum: calls, max: 0}}]}", "the limit of p/few is used up")]
    [InlineData(Permits + "- {id: other, effect: forbid, resources: ['data:web/**', 'data:h/**', 'data:hr/*/*']}", null)]
    public async Task A_tool_that_declares_data_needs_both_and_a_test_says_what_an_invocation_does(string rules, string? refusal)
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- call: {tool: Echo, arguments: {Text: hello}}\n- say: \"{{tool.Echo}}\"", rules, tools: Echo);

        var (result, _) = await test.InvokeAsync();
        var asked = await TestAsync(test, "tool:Echo", "{\"Text\":\"hello\"}");

        Assert.Equal(refusal is null ? (1, 0) : (0, 1), (result.ToolCalls, result.Refusals));
        Assert.Equal(refusal is null, asked.IsAllowed);
        Assert.Equal(["data:hr/people"], asked.Touches);
        Assert.Contains(refusal ?? "Permitted", asked.Reason, StringComparison.Ordinal);
        Assert.Contains(refusal ?? "hello", result.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_is_the_data_that_it_leads_to_and_a_link_leads_where_it_leads()
    {
        await using var test = await TestWorkspace.OpenAsync();
        Directory.CreateDirectory(Path.Combine(test.Outside, "payroll"));
        foreach (var file in new[] { "open.txt", "payroll/march.txt" })
        {
            await File.WriteAllTextAsync(Path.Combine(test.Outside, file), file);
        }

        File.CreateSymbolicLink(Path.Combine(test.Outside, "harmless.txt"), Path.Combine(test.Outside, "payroll/march.txt"));
        File.CreateSymbolicLink(Path.Combine(test.Outside, "away.txt"), "/etc/hosts");
        await test.ImportAsync("- {say: done}", "- {id: read, effect: permit, resources: ['tool:Read', 'data:hr']}\n- {id: pay, effect: forbid, resources: ['data:hr/pay/**']}", tools: ReadFile);

        async Task<PermissionTest> AskAsync(string path) => await TestAsync(test, "tool:Read", JsonSerializer.Serialize(new { Path = path }));
        var open = await AskAsync(Path.Combine(test.Outside, "open.txt"));
        Assert.True(open.IsAllowed, open.Reason);
        Assert.Equal(["data:hr/open.txt"], open.Touches);
        var pay = await AskAsync(Path.Combine(test.Outside, "payroll/march.txt"));
        Assert.Equal((false, "data:hr/pay/march.txt"), (pay.IsAllowed, pay.Touches[0]));
        Assert.Equal("data:hr/pay/march.txt", (await AskAsync(Path.Combine(test.Outside, "harmless.txt"))).Touches[0]);
        Assert.False((await AskAsync(Path.Combine(test.Outside, "harmless.txt"))).IsAllowed);
        Assert.False((await AskAsync(Path.Combine(test.Outside, "x/../payroll/march.txt"))).IsAllowed);
        Assert.Contains("leads to none of the tool's data", (await AskAsync(Path.Combine(test.Outside, "away.txt"))).Reason, StringComparison.Ordinal);
        Assert.False((await AskAsync("/etc/hosts")).IsAllowed);
        Assert.Equal(ReachLevel.Conditional, open.Reach);
    }

    [Fact]
    public async Task A_refused_path_is_refused_in_the_session_and_the_record_names_what_was_touched()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await File.WriteAllTextAsync(Path.Combine(test.Outside, "open.txt"), "words");
        await test.ImportAsync(
            $"- call: {{tool: Read, arguments: {{Path: {test.Outside}/open.txt}}}}\n- call: {{tool: Read, arguments: {{Path: /etc/hosts}}}}\n- say: done",
            "- {id: read, effect: permit, resources: ['tool:Read', 'data:hr']}", tools: ReadFile);

        var (result, _) = await test.InvokeAsync();

        Assert.Equal((1, 1), (result.ToolCalls, result.Refusals));
        var records = await test.AuditAsync(result.Session);
        Assert.Equal("data:hr/open.txt", records.Single(record => record.Type == "tool.started").Data.GetProperty("touches")[0].GetString());
        Assert.Equal("secret", records.Single(record => record.Type == "tool.completed").Data.GetProperty("dataClass").GetString());
    }

    [Fact]
    public async Task Permissions_are_tested_with_the_history_and_the_limits_of_the_workspace()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(Twice, Permits + """
            - {id: once, effect: require, resources: ['tool:Echo'], obligations: [{limit: {key: agent, sum: calls, max: 1, window: P1D}}]}
            """, tools: Echo);
        Assert.True((await TestAsync(test, "tool:Echo", "{\"Text\":\"hello\"}")).IsAllowed);
        await test.InvokeAsync();
        Assert.Contains("is used up", (await TestAsync(test, "tool:Echo", "{\"Text\":\"hello\"}")).Reason, StringComparison.Ordinal);

        await test.ImportAsync(Twice, "- {id: again, effect: permit, resources: ['tool:Echo', 'data:hr/people'], when: [{history: {tool: Echo, outcome: ok, within: P1D, same: {Text: args.Text}}}]}", tools: Echo);
        Assert.True((await TestAsync(test, "tool:Echo", "{\"Text\":\"hello\"}")).IsAllowed);
        Assert.False((await TestAsync(test, "tool:Echo", "{\"Text\":\"other\"}")).IsAllowed);
        await test.Workspace.Agents.SuspendAsync("a", null, CancellationToken.None);
        var suspended = await TestAsync(test, "tool:Echo", "{\"Text\":\"hello\"}");
        Assert.Equal((false, "The agent 'a' is suspended."), (suspended.IsAllowed, suspended.Reason));
    }

    private static async Task<PermissionTest> TestAsync(TestWorkspace test, string resource, string? arguments = null)
    {
        using var json = arguments is null ? null : JsonDocument.Parse(arguments);
        return await test.Workspace.Permissions.TestAsync("a", resource, json?.RootElement, test.Workspace.OnBehalfOf, DateTimeOffset.UtcNow, CancellationToken.None);
    }
}
