using AgentOps.Engine.Invocation;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>One agent asks another: no more rights than both have, and the chain on record.</summary>
public sealed class DelegationTests
{
    private const string Steps = """
        - call: {tool: Ask-Helper, arguments: {Prompt: please look}}
        - say: "{{tool.Ask-Helper}}"
        """;

    private const string Delegate = """
        - {id: ask, effect: permit, resources: ['tool:Ask-Helper', 'agent:helper']}
        """;

    private const string Both = Delegate + """

        - {id: echo, effect: permit, resources: ['tool:Echo']}
        """;

    [Fact]
    public async Task The_answer_of_the_delegate_comes_back_and_the_chain_is_recorded()
    {
        await using var test = await OpenAsync(Both, "tool:Echo");

        var (result, _) = await test.InvokeAsync();

        Assert.Equal(SessionStatus.Completed, result.Status);
        Assert.Contains("helped: echoed", result.Answer, StringComparison.Ordinal);
        var child = (await test.Workspace.Sessions.ListAsync(CancellationToken.None)).Single(session => session.Agent == "helper");
        Assert.Equal((result.Session, "a", test.Workspace.OnBehalfOf, 1), (child.Parent, Assert.Single(child.Delegators), child.OnBehalfOf, child.ToolCalls));
        var opened = (await test.AuditAsync(child.Id))[0];
        Assert.Equal("c1", opened.Data.GetProperty("delegation").GetProperty("call").GetString());
    }

    [Theory]
    [InlineData(Delegate, "tool:Echo", "Agent 'a'")]
    [InlineData(Both, "tool:Nothing", "helped: Refused")]
    public async Task What_either_of_them_may_not_do_the_delegate_may_not_do(string own, string helpers, string told)
    {
        await using var test = await OpenAsync(own, helpers);

        var (result, _) = await test.InvokeAsync();

        var child = (await test.Workspace.Sessions.ListAsync(CancellationToken.None)).Single(session => session.Agent == "helper");
        Assert.Equal((0, 1), (child.ToolCalls, child.Refusals));
        Assert.Contains(told, result.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_right_to_delegate_no_session_is_opened()
    {
        await using var test = await OpenAsync("- {id: ask, effect: permit, resources: ['tool:Ask-Helper']}", "tool:Echo");

        var (result, _) = await test.InvokeAsync();

        Assert.Equal((0, 1), (result.ToolCalls, result.Refusals));
        Assert.Contains("to use agent 'helper'", result.Answer, StringComparison.Ordinal);
        Assert.Single(await test.Workspace.Sessions.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_chain_never_closes_and_a_stop_ends_all_of_it()
    {
        await using var test = await OpenAsync(Both + "\n- {id: sleep, effect: permit, resources: ['tool:Sleep']}", "tool:Sleep", """
            - call: {tool: Ask-Back, arguments: {Prompt: and you}}
            - call: {tool: Sleep, arguments: {Seconds: 30}}
            """);
        var session = string.Empty;
        await foreach (var item in test.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, CancellationToken.None))
        {
            session = item.Session;
            if (item.Kind == SessionEventKind.ToolStarted)
            {
                for (var i = 0; i < 200 && !(await test.Workspace.GetStateAsync(CancellationToken.None)).Sessions.Values.Any(found => found.Pending.Values.Any(call => call.Tool == "Sleep")); i++)
                {
                    await Task.Delay(50);
                }

                await test.Workspace.Sessions.StopAsync(session, "enough", CancellationToken.None);
            }
        }

        var sessions = await test.Workspace.Sessions.ListAsync(CancellationToken.None);
        Assert.All(sessions, found => Assert.Equal(SessionStatus.Stopped, found.Status));
        Assert.Equal(2, sessions.Count);
        var refused = (await test.AuditAsync()).Single(record => record.Type == EventTypes.ToolRefused);
        Assert.Contains("part of the chain", refused.Data.GetProperty("reason").GetString()!, StringComparison.Ordinal);
    }

    private static async Task<TestWorkspace> OpenAsync(string rules, string helperResource, string? helperSteps = null)
    {
        var test = await TestWorkspace.OpenAsync();
        helperSteps ??= """
            - call: {tool: Echo, arguments: {Text: echoed}}
            - say: "helped: {{tool.Echo}}"
            """;
        await test.ImportAsync(Steps, rules, tools: $$$"""
            apiVersion: agentops/v1
            kind: Tool
            name: Echo
            process: {command: [echo, "{Text}"]}
            parameters: {Text: {type: string, mandatory: true}}
            sideEffect: none
            ---
            apiVersion: agentops/v1
            kind: Tool
            name: Sleep
            process: {command: [sleep, "{Seconds}"]}
            parameters: {Seconds: {type: integer, mandatory: true}}
            ---
            apiVersion: agentops/v1
            kind: Tool
            name: Nothing
            process: {command: ["true"]}
            ---
            apiVersion: agentops/v1
            kind: Tool
            name: Ask-Helper
            agent: {name: helper}
            ---
            apiVersion: agentops/v1
            kind: Tool
            name: Ask-Back
            agent: {name: a}
            ---
            apiVersion: agentops/v1
            kind: Provider
            name: helping
            protocol: simulated
            options:
              scenario:
                steps:
            {{{string.Join('\n', helperSteps.Split('\n').Select(line => "    " + line))}}}
            ---
            apiVersion: agentops/v1
            kind: Route
            name: helping
            targets: [{provider: helping, model: m}]
            ---
            apiVersion: agentops/v1
            kind: Agent
            name: helper
            route: helping
            tools: [Echo, Sleep, Ask-Back]
            ---
            apiVersion: agentops/v1
            kind: AgentPolicy
            name: helpers
            subjects: {agents: [helper]}
            rules:
            - {id: own, effect: permit, resources: ['{{{helperResource}}}', 'tool:Ask-Back', 'agent:a']}
            """, toolNames: ["Ask-Helper"]);
        return test;
    }
}
