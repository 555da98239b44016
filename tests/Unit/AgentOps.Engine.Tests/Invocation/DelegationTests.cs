using AgentOps.Engine.Agents;
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

    [Fact]
    public async Task What_a_delegate_spends_counts_for_whoever_delegated()
    {
        await using var test = await OpenAsync(Both, "tool:Echo");

        var (result, _) = await test.InvokeAsync();

        var state = await test.Workspace.GetStateAsync(CancellationToken.None);
        var child = state.Sessions.Values.Single(session => session.Agent == "helper");
        Assert.True(child.Cost > 0);
        Assert.Equal((child.Cost, child.Cost, 0m), (state.Sessions[result.Session].Delegated, state.Agents["a"].Delegated, state.Agents["helper"].Delegated));
        Assert.Equal(state.Agents["a"].Spent, state.Sessions[result.Session].Cost);
        await using var other = await Workspace.OpenAsync(new WorkspaceOptions { Store = test.Folder }, CancellationToken.None);
        Assert.Equal(child.Cost, (await other.GetStateAsync(CancellationToken.None)).Agents["a"].Delegated);
    }

    [Theory]
    [InlineData("budget: \"1\"\nlimits: {maxOutputTokens: 100}", "budget of $1 of the agent 'a'")]
    [InlineData("limits: {maxOutputTokens: 100, maxCost: \"1\"}", "bound of $0")]
    public async Task A_delegate_may_not_spend_what_its_delegator_has_not(string agent, string told)
    {
        await using var test = await OpenAsync(Both, "tool:Echo", agent: agent);

        var (result, _) = await test.InvokeAsync();

        var state = await test.Workspace.GetStateAsync(CancellationToken.None);
        var child = state.Sessions.Values.Single(session => session.Agent == "helper");
        Assert.Equal((SessionStatus.LimitReached, 0m), (child.Status, child.Cost));
        Assert.Contains(told, result.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Delegates_at_once_are_one_sum_against_every_bound_of_the_chain()
    {
        static SessionState Session(string id, string agent, string? parent, decimal cost, decimal reserved, decimal delegated, decimal? maxCost) => new()
        {
            Id = id,
            Agent = agent,
            Parent = parent,
            Cost = cost,
            Reserved = reserved,
            Delegated = delegated,
            MaxCost = maxCost,
            OnBehalfOf = "os:x",
            Account = "os:x",
            Runner = new SessionRunner("h", 1, default),
            Renewed = default,
            Started = default,
            LastActivity = default,
            FirstSequence = 0,
            LastSequence = 0,
        };

        static AgentState Agent(string name, decimal? budget, decimal delegated) =>
            new(new AgentDefinition { Name = name, Route = "r", Budget = budget }, default, default, false, 0, 0) { Delegated = delegated };

        // The one above has spent 3 itself and 4 by another delegate; 3 of its 10 are left.
        var state = WorkspaceState.Empty with
        {
            Agents = WorkspaceState.Empty.Agents.Add("top", Agent("top", 20, 4)).Add("low", Agent("low", null, 0)),
            Sessions = WorkspaceState.Empty.Sessions.Add("s1", Session("s1", "top", null, 3, 0, 4, 10)).Add("s2", Session("s2", "low", "s1", 0, 0, 0, null)),
        };

        Assert.Null(SpendGuard.Broken(state, state.Sessions["s2"], null, 3));
        Assert.Contains("'s1'", SpendGuard.Broken(state, state.Sessions["s2"], null, 3.01m)!.Reason, StringComparison.Ordinal);
        var poor = state with { Agents = state.Agents.SetItem("top", Agent("top", 6, 4)) };
        Assert.Contains("'top'", SpendGuard.Broken(poor, poor.Sessions["s2"], null, 2.01m)!.Reason, StringComparison.Ordinal);
    }

    private static async Task<TestWorkspace> OpenAsync(string rules, string helperResource, string? helperSteps = null, string agent = "")
    {
        var test = await TestWorkspace.OpenAsync();
        helperSteps ??= """
            - call: {tool: Echo, arguments: {Text: echoed}}
            - say: "helped: {{tool.Echo}}"
            """;
        await test.ImportAsync(Steps, rules, agent, tools: $$$"""
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
            targets: [{provider: helping, model: m, price: {input: "1000", output: "1000"} }]
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
