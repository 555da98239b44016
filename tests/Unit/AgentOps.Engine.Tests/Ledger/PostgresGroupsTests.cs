using AgentOps.Engine.Configuration;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Ledger;

/// <summary>The roles of a real server as groups, asked of it and decided by.</summary>
public sealed class PostgresGroupsTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [PostgresFact]
    public async Task Members_are_those_that_were_granted_the_role_through_others_too_and_no_longer_when_it_is_revoked()
    {
        await using var workspace = await OpenAsync("groups");
        server.Query("""
            CREATE ROLE finance; CREATE ROLE leads; CREATE ROLE "Odd name"; CREATE ROLE carol LOGIN; CREATE ROLE dave LOGIN; CREATE ROLE boss SUPERUSER;
            GRANT finance TO leads; GRANT leads TO carol; GRANT "Odd name" TO dave;
            """);
        var groups = Groups(workspace);

        Assert.True(groups.IsMember("database:finance", "carol"));
        Assert.True(groups.IsMember("database:finance", "database:carol"));
        Assert.True(groups.IsMember("database:Odd name", "database:dave"));
        Assert.True(groups.IsMember("database:carol", "carol"));
        Assert.False(groups.IsMember("database:finance", "database:dave"));
        Assert.False(groups.IsMember("database:finance", "database:boss"));
        Assert.False(groups.IsMember("database:FINANCE", "database:carol"));
        Assert.False(groups.IsMember("database:nothing", "database:carol"));
        Assert.False(groups.IsMember("database:finance", "database:nobody"));
        Assert.False(groups.IsMember("database:finance', 'finance'); DROP ROLE dave; --", "database:carol"));
        Assert.Null(groups.IsMember("database:finance", "os:carol"));
        Assert.Null(groups.IsMember("database:finance", "key:carol"));
        server.Query("REVOKE leads FROM carol");
        Assert.False(groups.IsMember("database:finance", "database:carol"));
    }

    [PostgresFact]
    public async Task A_session_and_a_vote_are_decided_by_the_servers_roles()
    {
        await using var workspace = await OpenAsync("decided");
        server.Query("CREATE ROLE operators; CREATE ROLE approvers");
        await workspace.Configuration.ImportAsync(ConfigurationSet.Parse("""
            apiVersion: agentops/v1
            kind: Provider
            name: scripted
            protocol: simulated
            options: {scenario: {steps: [{call: {tool: Echo, arguments: {Text: hello}}}, {say: done}]}}
            ---
            apiVersion: agentops/v1
            kind: Route
            name: default
            targets: [{provider: scripted, model: m}]
            ---
            apiVersion: agentops/v1
            kind: Tool
            name: Echo
            process: {command: [echo, "{Text}"]}
            parameters: {Text: {type: string}}
            sideEffect: none
            ---
            apiVersion: agentops/v1
            kind: Agent
            name: a
            route: default
            tools: [Echo]
            ---
            apiVersion: agentops/v1
            kind: AgentPolicy
            name: p
            rules:
            - {id: echo, effect: permit, resources: ['tool:Echo']}
            - {id: ask, effect: require, resources: ['tool:Echo'], obligations: [{approval: {from: 'database:approvers', notRequester: false}}]}
            subjects: {agents: [a], onBehalfOf: ['database:operators']}
            """, "p.yaml"), CancellationToken.None);
        Assert.Equal((0, 1), await InvokeAsync(workspace));

        server.Query("GRANT operators TO postgres");
        Assert.Equal((0, 0), await InvokeAsync(workspace));
        var request = Assert.Single(await workspace.Requests.ListAsync(CancellationToken.None));
        var fault = await Assert.ThrowsAsync<AgentOps.Engine.Errors.AgentOpsException>(async () => await workspace.Requests.AnswerAsync(request.Id, true, null, CancellationToken.None));
        Assert.Equal(AgentOps.Engine.Errors.ErrorCodes.AnswerRefused, fault.Code);

        server.Query("GRANT approvers TO postgres");
        await workspace.Requests.AnswerAsync(request.Id, true, null, CancellationToken.None);
        SessionStatus? status = null;
        await foreach (var item in workspace.Invoker.ResumeAsync(request.Session!, noWait: true, CancellationToken.None))
        {
            status = item.Result?.Status ?? status;
        }

        Assert.Equal(SessionStatus.Completed, status);
    }

    private static async Task<(int Calls, int Refusals)> InvokeAsync(Workspace workspace)
    {
        InvocationResult? result = null;
        await foreach (var item in workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", NoWait = true }, CancellationToken.None))
        {
            result = item.Result ?? result;
        }

        return (result!.ToolCalls, result.Refusals);
    }

    private static IGroupSource Groups(Workspace workspace) => ((AgentOps.Engine.Ledger.PostgresLedgerStore)workspace.Ledger).Groups;

    private async Task<Workspace> OpenAsync(string name) =>
        await Workspace.OpenAsync(new WorkspaceOptions { Store = server.GetUri(name), HostName = "test" }, CancellationToken.None);
}
