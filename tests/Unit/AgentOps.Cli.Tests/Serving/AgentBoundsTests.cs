using System.Diagnostics;
using System.Globalization;
using System.Net;
using AgentOps.Cli.Serving;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using static AgentOps.Cli.Tests.Serving.ServedAgent;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>What binds an agent binds a client that comes with its token: rules, bounds, budgets, data class and a stop.</summary>
public class AgentBoundsTests
{
    [Fact]
    public async Task What_the_agents_rules_forbid_is_refused_with_the_reason_and_recorded()
    {
        await using var served = await OpenAsync(rules: """
            - {id: no-secrets, effect: forbid, resources: ['route:chat'], when: [{fact: session.maxDataClass, gte: secret}]}
            """);
        var token = await served.MintAsync();
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
        var token = await served.MintAsync();
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
        var token = await served.MintAsync();
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
        var token = await served.MintAsync();
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

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_stop_ends_the_answers_under_way_within_a_second(bool bySuspension, bool stream)
    {
        await using var served = await OpenAsync(steps: Slow);
        var token = await served.MintAsync();
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
        var token = await served.MintAsync();
        Assert.InRange(token.Expires - DateTimeOffset.UtcNow, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        using var cut = await served.SendAsync("hi", true, Bearer(token), Internal);
        Assert.Contains("Its time is over", await cut.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var late = await served.SendAsync("hi", true, Bearer(token), Internal);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.Equal(SessionStatus.LimitReached, (await served.Workspace.Sessions.GetAsync(token.Session, CancellationToken.None)).Status);
        Assert.Empty(await served.Workspace.Sessions.ListDueAsync(CancellationToken.None));
    }

    private static string? Text(LedgerRecord record, string member) => record.Data.TryGetProperty(member, out var value) ? value.GetString() : null;
}
