using System.Net;
using System.Text;
using System.Text.Json;
using AgentOps.Cli.Serving;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using static AgentOps.Cli.Tests.Serving.ServedAgent;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>Clients of a served route that come with an agent's token: what they do is the agent's doing, and nobody else's.</summary>
public class AgentTokenTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_is_the_agents_in_the_ledger_and_in_its_cost(bool stream)
    {
        await using var served = await OpenAsync();
        var token = await served.Workspace.Served.OpenAsync("A", null, "INC-7", null, CancellationToken.None);
        using var response = await served.SendAsync("hi", stream, Bearer(token), Internal, (ServedGate.SessionHeader, "chat 3"), (ServedGate.TaskHeader, "other"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await response.Content.ReadAsStringAsync();

        var calls = await served.CallsAsync(2);
        Assert.Equal(["model.requested", "model.completed"], calls.Select(call => call.Type));
        Assert.All(calls, call => Assert.Equal(
            ("a", served.Workspace.OnBehalfOf, token.Session, "INC-7"), (call.Actor.Agent, call.Actor.OnBehalfOf, call.Session, call.Task)));
        Assert.Equal(("chat", "internal", "chat 3"), (Text(calls[1], "route"), Text(calls[1], "dataClass"), Text(calls[1], "label")));
        Assert.Equal("agent.route", calls[0].Data.GetProperty("rules").EnumerateArray().Single().GetString());

        var state = await served.Workspace.GetStateAsync(CancellationToken.None);
        var session = state.Sessions[token.Session];
        Assert.Equal((0.029m, 0m, 1), (session.Cost, session.Reserved, session.Steps));
        Assert.Equal((0.029m, 0m), (state.Agents["a"].Spent, state.Agents["a"].Reserved));
        Assert.True(session.IsTainted);
    }

    [Fact]
    public async Task Every_vendors_client_sends_it_as_its_key_and_is_told_in_its_own_words()
    {
        await using var served = await OpenAsync();
        var token = await served.MintAsync();
        foreach (var header in new[] { "Authorization", "x-api-key", "api-key", "x-goog-api-key" })
        {
            using var open = await served.SendAsync("hi", false, (header, header == "Authorization" ? "Bearer " + token.Text : token.Text), Internal);
            Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        }

        await served.Workspace.Agents.SuspendAsync("a", null, CancellationToken.None);
        foreach (var (path, body, kind) in new[]
        {
            ("/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"x"}]}""", "insufficient_permissions"),
            ("/v1/messages", """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}]}""", "permission_error"),
            ("/v1beta/models/m:generateContent", """{"contents":[{"parts":[{"text":"x"}]}]}""", "PERMISSION_DENIED"),
            ("/model/m/converse", """{"messages":[{"role":"user","content":[{"text":"x"}]}]}""", "AccessDeniedException"),
        })
        {
            using var refused = await served.PostAsync(path, body, Bearer(token));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            var told = await refused.Content.ReadAsStringAsync() + string.Concat(refused.Headers.Select(header => string.Concat(header.Value)));
            Assert.Contains(kind, told, StringComparison.Ordinal);
            Assert.Contains("suspended", told, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("correct horse battery staple")]
    public async Task A_spoilt_token_is_nobody_and_never_an_anonymous_caller(string? key)
    {
        await using var served = await OpenAsync(key: key);
        await using var other = await OpenAsync();
        var token = (await served.MintAsync()).Text;
        var theirs = (await other.MintAsync()).Text;
        var parts = token.Split('.');
        foreach (var spoilt in new[]
        {
            token[..^1], token + "A", "." + token, parts[0] + ".." + parts[2], $"{parts[0]}.{parts[1]}.", theirs,
            $"{parts[0]}.{theirs.Split('.')[1]}.{parts[2]}", "a.b.c", "eyJ", token.Replace("eyJ", "eyK", StringComparison.Ordinal),
        })
        {
            using var refused = await served.SendAsync("hi", false, ("Authorization", "Bearer " + spoilt), Internal);
            var body = await refused.Content.ReadAsStringAsync();
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (refused.StatusCode, refused.Headers.WwwAuthenticate.Single().Scheme));
            Assert.Equal("invalid_api_key", Error(body).GetProperty("code").GetString());
            Assert.DoesNotContain(parts[2], body, StringComparison.Ordinal);
        }

        Assert.Empty(await served.CallsAsync(0));
    }

    [Fact]
    public async Task A_token_is_of_no_use_once_its_agent_or_session_may_not_go_on()
    {
        await using var served = await OpenAsync();
        var (first, second) = (await served.MintAsync(), await served.MintAsync());
        await served.Workspace.Agents.SuspendAsync("a", null, CancellationToken.None);
        Assert.Equal((403, 403), (await StatusAsync(first), await StatusAsync(second)));
        Assert.Equal(ErrorCodes.AgentSuspended, (await Assert.ThrowsAsync<AgentOpsException>(() => served.MintAsync())).Code);
        await served.Workspace.Agents.ResumeAsync("a", null, CancellationToken.None);
        Assert.Equal((200, 200), (await StatusAsync(first), await StatusAsync(second)));

        await served.Workspace.Sessions.StopAsync(first.Session, null, CancellationToken.None);
        Assert.Equal((403, 200), (await StatusAsync(first), await StatusAsync(second)));
        Assert.Equal(SessionStatus.Stopped, (await served.Workspace.Sessions.GetAsync(first.Session, CancellationToken.None)).Status);
        Assert.Equal(ErrorCodes.SessionNotRunning, (await Assert.ThrowsAsync<AgentOpsException>(() => served.Workspace.Served.RenewAsync(first.Session, null, CancellationToken.None))).Code);

        var renewed = await served.Workspace.Served.RenewAsync(second.Session, null, CancellationToken.None);
        Assert.NotEqual(second.Id, renewed.Id);
        await served.Workspace.Identities.RotateAsync("a", CancellationToken.None);
        Assert.Equal((401, 401), (await StatusAsync(second), await StatusAsync(renewed)));
        var anew = await served.Workspace.Served.RenewAsync(second.Session, null, CancellationToken.None);
        Assert.Equal(200, await StatusAsync(anew));
        await served.Workspace.Agents.RemoveAsync("a", CancellationToken.None);
        Assert.Equal(401, await StatusAsync(anew));

        async Task<int> StatusAsync(ServedToken token)
        {
            using var response = await served.SendAsync("hi", false, Bearer(token), Internal);
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task A_token_opens_its_own_route_alone_and_only_one_that_the_agent_may_use()
    {
        await using var served = await OpenAsync();
        await served.ImportAsync("""
            apiVersion: agentops/v1
            kind: Route
            name: other
            targets: [{provider: scripted, model: m}]
            """);
        var denied = await Assert.ThrowsAsync<AgentOpsException>(() => served.Workspace.Served.OpenAsync("a", "other", null, null, CancellationToken.None));
        Assert.Equal(ErrorCodes.PermissionDenied, denied.Code);

        await served.ImportAsync("""
            apiVersion: agentops/v1
            kind: AgentPolicy
            name: more
            subjects: {agents: [a]}
            rules: [{id: other, effect: permit, resources: ['route:other']}]
            """);
        var token = await served.Workspace.Served.OpenAsync("a", "other", null, null, CancellationToken.None);
        using var refused = await served.SendAsync("hi", false, Bearer(token), Internal);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("not for the route 'chat'", await MessageAsync(refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_agents_alone_are_served_nobody_else_is_let_in()
    {
        await using var served = await OpenAsync(agentsOnly: true);
        using var anonymous = await served.SendAsync("hi", false, Internal);
        using var key = await served.SendAsync("hi", false, ("x-api-key", "none"), Internal);
        using var models = await served.GetAsync("/v1/models");
        Assert.Equal(
            (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (anonymous.StatusCode, key.StatusCode, models.StatusCode));
        using var agent = await served.SendAsync("hi", false, Bearer(await served.MintAsync()), Internal);
        Assert.Equal(HttpStatusCode.OK, agent.StatusCode);
    }

    [Fact]
    public async Task The_token_is_written_nowhere()
    {
        await using var served = await OpenAsync();
        var token = await served.MintAsync();
        using var open = await served.SendAsync($"my key is {token.Text}", false, Bearer(token), Internal, (ServedGate.TaskHeader, token.Text[..100]));
        using var refused = await served.SendAsync("hi", false, Bearer(token), (ServedGate.DataClassHeader, "none"));
        Assert.DoesNotContain(token.Text, token.ToString(), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(served.Store, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain(token.Text.Split('.')[2], Encoding.UTF8.GetString(await ReadAsync(file)), StringComparison.Ordinal);
        }

        static async Task<byte[]> ReadAsync(string file)
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            return copy.ToArray();
        }
    }

    [Fact]
    public async Task A_delegates_token_carries_the_chain_and_each_of_it_binds_the_call()
    {
        await using var served = await OpenAsync(steps: Slow, rules: "- {id: back, effect: permit, resources: ['route:chat']}");
        await served.ImportAsync("""
            apiVersion: agentops/v1
            kind: Tool
            name: Ask-A
            agent: {name: a}
            parameters: {Prompt: {type: string, mandatory: true}}
            sideEffect: none
            ---
            apiVersion: agentops/v1
            kind: Provider
            name: front
            protocol: simulated
            options: {scenario: {steps: [{call: {tool: Ask-A, arguments: {Prompt: go}}}, {say: done}]}}
            ---
            apiVersion: agentops/v1
            kind: Route
            name: front
            targets: [{provider: front, model: m}]
            ---
            apiVersion: agentops/v1
            kind: Agent
            name: front
            route: front
            tools: [Ask-A]
            ---
            apiVersion: agentops/v1
            kind: AgentPolicy
            name: front
            subjects: {agents: [front]}
            rules: [{id: all, effect: permit, resources: ['tool:Ask-A', 'agent:a', 'route:chat']}]
            """);
        using var stop = new CancellationTokenSource();
        var run = Task.Run(async () =>
        {
            await foreach (var _ in served.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "front", Prompt = "go" }, stop.Token))
            {
            }
        });
        await served.CallsAsync(3);
        var state = await served.Workspace.GetStateAsync(CancellationToken.None);
        var delegated = state.Sessions.Values.Single(session => session.Agent == "a");
        var token = await served.Workspace.Served.RenewAsync(delegated.Id, null, CancellationToken.None);

        using var open = await served.SendAsync("hi", true, Bearer(token), Internal);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Text.Split('.')[1])).RootElement;
        Assert.Equal("""{"sub":"agent:a","act":{"sub":"agent:front"}}""", claims.GetProperty("act").GetRawText());

        await served.ImportAsync("""
            apiVersion: agentops/v1
            kind: AgentPolicy
            name: never
            subjects: {agents: [front]}
            rules: [{id: never, effect: forbid, resources: ['route:chat']}]
            """);
        using var forbidden = await served.SendAsync("hi", false, Bearer(token), Internal);
        Assert.Contains("Agent 'front', who delegated this, may not do it", await MessageAsync(forbidden), StringComparison.Ordinal);

        await served.Workspace.Agents.SuspendAsync("front", null, CancellationToken.None);
        using var refused = await served.SendAsync("hi", false, Bearer(token), Internal);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        await stop.CancelAsync();
        await run.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task The_story_of_a_clients_session_is_told_and_nothing_of_it_is_run_here()
    {
        await using var served = await OpenAsync();
        var token = await served.MintAsync();
        using var response = await served.SendAsync("hi", false, Bearer(token), Internal);
        await served.Workspace.Sessions.StopAsync(token.Session, "enough", CancellationToken.None);
        var told = new List<string>();
        await foreach (var line in served.Workspace.Sessions.TellAsync([token.Session], follow: true, CancellationToken.None))
        {
            told.Add(line.Text);
        }

        Assert.Contains(told, line => line.EndsWith("let a client act as a.", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("had a token made for the route chat", StringComparison.Ordinal));
        Assert.Contains(told, line => line.EndsWith("asked the session to stop: enough.", StringComparison.Ordinal));
        var fault = await Assert.ThrowsAsync<AgentOpsException>(() => served.Workspace.Invoker.UndoAsync(token.Session, true, CancellationToken.None));
        Assert.Equal(ErrorCodes.SessionNotResumable, fault.Code);
    }

    private static string? Text(LedgerRecord record, string member) => record.Data.TryGetProperty(member, out var value) ? value.GetString() : null;
}
