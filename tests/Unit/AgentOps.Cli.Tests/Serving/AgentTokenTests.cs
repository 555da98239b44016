using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using AgentOps.Cli.Serving;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>Clients of a served route that come with an agent's token: what they do is the agent's doing, within all that binds it.</summary>
public class AgentTokenTests
{
    private const string Plain = """{steps: [{say: Hello., repeat: true, usage: {input: 20, output: 9}}]}""";

    // 400 words at 20 ms each: nobody waits for the end.
    private static readonly string Slow =
        $$"""{latency: {perTokenMs: 20}, steps: [{say: {{string.Join(' ', Enumerable.Repeat("word", 400))}}, repeat: true}]}""";

    private static readonly (string Name, string Value) Internal = (ServedGate.DataClassHeader, "internal");

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
        var token = await MintAsync(served);
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
        var token = (await MintAsync(served)).Text;
        var theirs = (await MintAsync(other)).Text;
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
    public async Task What_the_agents_rules_forbid_is_refused_with_the_reason_and_recorded()
    {
        await using var served = await OpenAsync(rules: """
            - {id: no-secrets, effect: forbid, resources: ['route:chat'], when: [{fact: session.maxDataClass, gte: secret}]}
            """);
        var token = await MintAsync(served);
        using var open = await served.SendAsync("hi", false, Bearer(token), Internal);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);

        // The call that brings the secret is the first one refused, and what the session has seen stays with it.
        using var secret = await served.SendAsync("hi", true, Bearer(token), (ServedGate.DataClassHeader, "secret"));
        Assert.Equal(HttpStatusCode.Forbidden, secret.StatusCode);
        Assert.Contains("The route 'chat' may not be used", await MessageAsync(secret), StringComparison.Ordinal);
        var refused = (await served.CallsAsync(3))[^1];
        Assert.Equal(("model.failed", "a", token.Session), (refused.Type, refused.Actor.Agent, refused.Session));
    }

    [Fact]
    public async Task A_secret_that_was_brought_once_keeps_the_session_from_targets_not_cleared_for_it()
    {
        await using var served = await OpenAsync(clearance: "internal");
        var token = await MintAsync(served);
        using var before = await served.SendAsync("hi", false, Bearer(token), Internal);
        using var unlabelled = await served.SendAsync("hi", false, Bearer(token));
        using var after = await served.SendAsync("hi", false, Bearer(token), Internal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (before.StatusCode, unlabelled.StatusCode, after.StatusCode));
    }

    [Theory]
    [InlineData("budget: \"0.1\"", "The budget of $0.1 of the agent 'a'")]
    [InlineData("limits: {maxCost: \"0.1\"}", "The session's bound of $0.1")]
    [InlineData("limits: {maxSteps: 2}", "The limit of 2 model calls")]
    public async Task The_agents_bounds_hold_for_calls_at_once(string bound, string told)
    {
        await using var served = await OpenAsync(agent: bound);
        var token = await MintAsync(served);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            using var response = await served.SendAsync("hi", true, Bearer(token), Internal);
            return (response.StatusCode, Body: await response.Content.ReadAsStringAsync());
        }));
        var refused = answers.Where(answer => answer.StatusCode != HttpStatusCode.OK).ToArray();
        Assert.InRange(refused.Length, 13, 15);
        Assert.All(refused, answer =>
        {
            Assert.Equal((HttpStatusCode.TooManyRequests, "insufficient_quota"), (answer.StatusCode, Error(answer.Body).GetProperty("code").GetString()));
            Assert.Contains(told, Error(answer.Body).GetProperty("message").GetString(), StringComparison.Ordinal);
        });
        var agent = (await served.Workspace.GetStateAsync(CancellationToken.None)).Agents["a"];
        Assert.Equal((0.029m * (16 - refused.Length), 0m), (agent.Spent, agent.Reserved));
    }

    [Fact]
    public async Task A_budget_of_the_workspace_and_a_limit_of_a_rule_are_settled_with_what_a_call_cost()
    {
        await using var served = await OpenAsync(rules: """
            - {id: few, effect: require, resources: ['route:chat'], obligations: [{limit: {key: agent, sum: calls, max: "3", window: P1D}}]}
            """);
        await served.SetBudgetAsync(10);
        var token = await MintAsync(served);
        var statuses = new List<HttpStatusCode>();
        for (var call = 0; call < 4; call++)
        {
            using var response = await served.SendAsync("hi", false, Bearer(token), Internal);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
        var use = await served.UseAsync();
        Assert.Equal((0.087m, 0m), (use.Spent, use.Reserved));
    }

    [Fact]
    public async Task A_token_is_of_no_use_once_its_agent_or_session_may_not_go_on()
    {
        await using var served = await OpenAsync();
        var (first, second) = (await MintAsync(served), await MintAsync(served));
        await served.Workspace.Agents.SuspendAsync("a", null, CancellationToken.None);
        Assert.Equal((403, 403), (await StatusAsync(first), await StatusAsync(second)));
        Assert.Equal(ErrorCodes.AgentSuspended, (await Assert.ThrowsAsync<AgentOpsException>(() => MintAsync(served))).Code);
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

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_stop_ends_the_answers_under_way_within_a_second(bool bySuspension, bool stream)
    {
        await using var served = await OpenAsync(steps: Slow);
        var token = await MintAsync(served);
        var asked = Task.Run(async () =>
        {
            using var response = await served.SendAsync("hi", stream, Bearer(token), Internal);
            return (response.StatusCode, Body: await response.Content.ReadAsStringAsync());
        });
        await served.CallsAsync(1);
        await Task.Delay(200);

        var stopped = Stopwatch.GetTimestamp();
        if (bySuspension)
        {
            await served.Workspace.Agents.SuspendAsync("a", null, CancellationToken.None);
        }
        else
        {
            await served.Workspace.Sessions.StopAsync(token.Session, null, CancellationToken.None);
        }

        var (status, body) = await asked;
        Assert.InRange(Stopwatch.GetElapsedTime(stopped), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(stream ? HttpStatusCode.OK : HttpStatusCode.Forbidden, status);
        Assert.Contains("insufficient_permissions", body, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", body, StringComparison.Ordinal);
        var call = (await served.CallsAsync(2))[1];
        Assert.Equal(("model.failed", "Cancelled", true), (call.Type, Text(call, "stop"), call.Data.GetProperty("estimated").GetBoolean()));
        var session = (await served.Workspace.GetStateAsync(CancellationToken.None)).Sessions[token.Session];
        Assert.Equal((decimal.Parse(Text(call, "cost")!, CultureInfo.InvariantCulture), 0m), (session.Cost, session.Reserved));
        Assert.InRange(session.Cost, 0.001m, 0.39m);
    }

    [Fact]
    public async Task A_session_ends_with_its_time()
    {
        await using var served = await OpenAsync(steps: Slow, agent: "limits: {maxDuration: PT1S}");
        var token = await MintAsync(served);
        Assert.InRange(token.Expires - DateTimeOffset.UtcNow, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        using var cut = await served.SendAsync("hi", true, Bearer(token), Internal);
        Assert.Contains("Its time is over", await cut.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var late = await served.SendAsync("hi", true, Bearer(token), Internal);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.Equal(SessionStatus.LimitReached, (await served.Workspace.Sessions.GetAsync(token.Session, CancellationToken.None)).Status);
        Assert.Empty(await served.Workspace.Sessions.ListDueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_token_opens_its_own_route_alone_and_only_one_that_the_agent_may_use()
    {
        await using var served = await OpenAsync();
        await served.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse("""
            apiVersion: agentops/v1
            kind: Route
            name: other
            targets: [{provider: scripted, model: m}]
            """, "other.yaml"), CancellationToken.None);
        var denied = await Assert.ThrowsAsync<AgentOpsException>(() => served.Workspace.Served.OpenAsync("a", "other", null, null, CancellationToken.None));
        Assert.Equal(ErrorCodes.PermissionDenied, denied.Code);

        await served.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse("""
            apiVersion: agentops/v1
            kind: AgentPolicy
            name: more
            subjects: {agents: [a]}
            rules: [{id: other, effect: permit, resources: ['route:other']}]
            """, "more.yaml"), CancellationToken.None);
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
        using var agent = await served.SendAsync("hi", false, Bearer(await MintAsync(served)), Internal);
        Assert.Equal(HttpStatusCode.OK, agent.StatusCode);
    }

    [Fact]
    public async Task The_token_is_written_nowhere()
    {
        await using var served = await OpenAsync();
        var token = await MintAsync(served);
        using var open = await served.SendAsync($"my key is {token.Text}", false, Bearer(token), Internal, (ServedGate.TaskHeader, token.Text[..100]));
        using var refused = await served.SendAsync("hi", false, Bearer(token), (ServedGate.DataClassHeader, "none"));
        Assert.DoesNotContain(token.Text, token.ToString(), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(served.Folder, "*", SearchOption.AllDirectories))
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
        await served.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse("""
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
            """, "front.yaml"), CancellationToken.None);
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

        await served.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse("""
            apiVersion: agentops/v1
            kind: AgentPolicy
            name: never
            subjects: {agents: [front]}
            rules: [{id: never, effect: forbid, resources: ['route:chat']}]
            """, "never.yaml"), CancellationToken.None);
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
        var token = await MintAsync(served);
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

    private static Task<ServedToken> MintAsync(GovernedRoute served) => served.Workspace.Served.OpenAsync("a", null, null, null, CancellationToken.None);

    private static (string Name, string Value) Bearer(ServedToken token) => ("Authorization", "Bearer " + token.Text);

    private static JsonElement Error(string body) => JsonDocument.Parse(body).RootElement.GetProperty("error");

    private static async Task<string?> MessageAsync(HttpResponseMessage response) => Error(await response.Content.ReadAsStringAsync()).GetProperty("message").GetString();

    private static string? Text(LedgerRecord record, string member) => record.Data.TryGetProperty(member, out var value) ? value.GetString() : null;

    private static async Task<GovernedRoute> OpenAsync(
        string steps = Plain, string rules = "", string agent = "", string clearance = "secret", string? key = null, bool agentsOnly = false)
    {
        var served = await GovernedRoute.StartAsync(steps, clearance, key, agentsOnly);
        await served.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse($"""
            apiVersion: agentops/v1
            kind: Agent
            name: a
            route: chat
            {agent}
            """, "agent.yaml"), CancellationToken.None);
        if (rules.Length > 0)
        {
            await served.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse($$"""
                apiVersion: agentops/v1
                kind: AgentPolicy
                name: p
                subjects: {agents: [a]}
                rules:
                {{rules}}
                """, "rules.yaml"), CancellationToken.None);
        }

        return served;
    }
}
