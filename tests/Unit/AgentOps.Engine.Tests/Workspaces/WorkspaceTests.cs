using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Tests.Invocation;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Workspaces;

public sealed class WorkspaceTests
{
    private const string Permit = "- {id: all, effect: permit, resources: ['tool:Echo', 'tool:Touch']}";

    private const string Story = """
        - call: {tool: Echo, arguments: {Text: hi}}
        - call: {tool: Touch, arguments: {Path: /nowhere/at/all}}
        - call: {tool: Sleep, arguments: {Seconds: 1}}
        - say: done
        """;

    [Fact]
    public async Task A_saved_and_loaded_state_is_the_replayed_one()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(Story, Permit, "budget: \"100.50\"");
        await test.InvokeAsync();
        var echo = (await test.Workspace.GetStateAsync(CancellationToken.None)).Tools["Echo"].Definition;
        await test.Workspace.Tools.RegisterAsync(echo with { Description = "changed" }, replace: true, CancellationToken.None);
        await test.Workspace.Served.OpenAsync("a", null, null, 1.5m, CancellationToken.None);
        await test.Workspace.Agents.SuspendAsync("a", null, CancellationToken.None);
        await test.Workspace.Permissions.RevokeAsync("p/all", CancellationToken.None);

        var replayed = await Replay(test);
        using var saved = new MemoryStream();
        replayed.Save(saved);
        saved.Position = 0;
        var loaded = new WorkspaceProjection();
        loaded.Load(saved);
        using var again = new MemoryStream();
        loaded.Save(again);

        Assert.Equal(Encoding.UTF8.GetString(saved.ToArray()), Encoding.UTF8.GetString(again.ToArray()));
        Assert.Equal(replayed.Current.Sessions.Values.Sum(session => session.Cost), loaded.Current.Agents["A"].Spent);
        Assert.Equal(1.5m, loaded.Current.Sessions.Values.Single(session => session.Served is not null).Served!.MaxCost);
    }

    [Theory]
    [InlineData("agent.cloned", 1)]
    [InlineData(EventTypes.AgentCreated, 2)]
    public async Task A_store_in_which_a_later_version_wrote_can_be_read_and_verified_and_not_written(string type, int version)
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- say: done", Permit);
        var options = new FileLedgerOptions { Path = test.Folder, Actor = new Actor(null, "os:someone", "host", "later:1") };
        await using (var later = await FileLedgerStore.OpenAsync(options, new LaterProjection(), TimeProvider.System, CancellationToken.None))
        {
            await later.AppendAsync([new NewEvent(type, version, new JsonObject { ["name"] = "b", ["of"] = "a" })], CancellationToken.None);
        }

        await using var older = await TestWorkspace.OpenAsync(test.Folder);

        Assert.Contains(type, older.Workspace.Ledger.ReadOnlyReason, StringComparison.Ordinal);
        Assert.Equal("a", Assert.Single((await older.Workspace.GetStateAsync(CancellationToken.None)).Agents.Keys));
        Assert.Contains(await older.AuditAsync(), record => record.Type == type && record.Version == version);
        var fault = await Assert.ThrowsAsync<AgentOpsException>(() => older.InvokeAsync());
        Assert.Equal(ErrorCodes.LedgerReadOnly, fault.Code);
        Assert.NotEmpty(fault.Mend!);
        Assert.True((await older.Workspace.Ledger.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
    }

    [Fact]
    public async Task A_models_quality_follows_from_how_its_sessions_ended()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- {say: done, repeat: true}", Permit, "budget: \"1000\"");
        await test.Workspace.Routes.SetAsync(
            new RouteDefinition { Name = "default", Targets = [new RouteTarget("scripted", "m")], Objective = RouteObjective.Best }, CancellationToken.None);
        for (var session = 0; session < DomainForecast.Enough; session++)
        {
            Assert.Null(await PredictedAsync());
            await test.InvokeAsync();
        }

        // All 20 were completed, and all in the domain of the prompt: a prior of 21/22 that weighs as much as 24 sessions.
        Assert.Equal(((24 * (21.0 / 22)) + 20) / 44, (double)(await PredictedAsync())!.Value, 1e-4);

        async Task<decimal?> PredictedAsync() => (await test.Workspace.Routes.ResolveAsync(
            "default", new ModelRequest { Model = "", Messages = [Message.Text(MessageRole.User, "x")] }, CancellationToken.None)).Candidates[0].PredictedQuality;
    }

    [Fact]
    public async Task Every_projected_event_type_is_known_and_nothing_else_is()
    {
        var projection = new WorkspaceProjection();
        var types = typeof(EventTypes).GetFields().Where(field => field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!).ToArray();

        Assert.All(types, type => Assert.True(projection.Knows(type, EventTypes.Version), type));
        Assert.False(projection.Knows("agent.created", EventTypes.Version + 1));
        Assert.False(projection.Knows("agent.invented", EventTypes.Version));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Importing_the_same_configuration_again_changes_nothing()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(Story, Permit);
        var size = test.Workspace.Ledger.Size;

        await test.ImportAsync(Story, Permit);

        Assert.Equal(size, test.Workspace.Ledger.Size);
    }

    [Fact]
    public async Task A_rule_that_is_gone_from_its_policy_is_revoked()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(Story, Permit + "\n- {id: more, effect: permit, resources: ['tool:Sleep']}");

        await test.ImportAsync(Story, Permit);

        Assert.Equal(["p/all"], (await test.Workspace.GetStateAsync(CancellationToken.None)).Grants.Keys);
    }

    [Theory]
    [InlineData("kind: Agent\nname: b\nroute: nowhere", "RouteNotFound")]
    [InlineData("kind: Route\nname: r\ntargets: [{provider: nobody, model: m}]", "ProviderNotFound")]
    [InlineData("kind: Tool\nname: t\nprocess: {command: [x, \"{Missing}\"]}", "ToolInvalid")]
    [InlineData("kind: Tool\nname: t\nprocess: {command: [x]}\nsideEffect: reversible", "ToolInvalid")]
    [InlineData("kind: Tool\nname: t\nhttp: {uri: \"https://{Host}/\"}\nparameters: {Host: {}}", "ToolInvalid")]
    [InlineData("kind: Agent\nname: 'b c'\nroute: default", "NameInvalid")]
    [InlineData("kind: Agent\nname: b\nroute: default\ncolour: red", "InvalidConfiguration")]
    [InlineData("kind: AgentPolicy\nname: q\nsubjects: {agents: [nobody]}\nrules: [{id: x, effect: permit, resources: ['tool:Echo']}]", "InvalidPolicy")]
    public async Task A_configuration_with_any_error_is_refused_whole(string document, string code)
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(Story, Permit);
        var size = test.Workspace.Ledger.Size;
        var good = "apiVersion: agentops/v1\nkind: Tool\nname: Good\nprocess: {command: [true]}\nsideEffect: none";

        var fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await test.Workspace.Configuration.ImportAsync(
            ConfigurationSet.Parse($"{good}\n---\napiVersion: agentops/v1\n{document}\n", "x.yaml"), CancellationToken.None));

        Assert.Equal(code, fault.Code.Id);
        Assert.Equal(size, test.Workspace.Ledger.Size);
    }

    [Fact]
    public async Task An_agent_created_anew_under_an_old_name_has_no_rights_of_its_predecessor()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(Story, Permit);
        var definition = (await test.Workspace.GetStateAsync(CancellationToken.None)).Agents["a"].Definition;

        await test.Workspace.Agents.RemoveAsync("a", CancellationToken.None);
        await test.Workspace.Agents.CreateAsync(definition, CancellationToken.None);

        Assert.False((await test.Workspace.Permissions.TestAsync("a", "tool:Echo", null, "x", DateTimeOffset.UtcNow, CancellationToken.None)).IsAllowed);
    }

    private static async Task<WorkspaceProjection> Replay(TestWorkspace test)
    {
        var projection = new WorkspaceProjection();
        await foreach (var record in test.Workspace.Ledger.ReadAsync(new LedgerQuery(), CancellationToken.None))
        {
            if (projection.Knows(record.Type, record.Version))
            {
                projection.Apply(record);
            }
        }

        return projection;
    }
}
