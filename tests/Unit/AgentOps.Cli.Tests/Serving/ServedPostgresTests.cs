using System.Globalization;
using System.Net;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Tests.Ledger;
using static AgentOps.Cli.Tests.Serving.ServedAgent;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>Two servers, each a process of its own, that serve the same agent from one store in PostgreSQL.</summary>
public sealed class ServedPostgresTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    // Fewer than an agent without bounds of its own may make.
    private const int Calls = 16;

    [PostgresFact]
    public async Task What_binds_an_agent_binds_its_clients_at_both_servers_together()
    {
        await using var served = await OpenAsync(store: postgres.GetUri("served-bounds"));
        using var first = await ServedProcess.StartAsync(served.Store);
        using var second = await ServedProcess.StartAsync(served.Store);
        foreach (var (name, bound, rule, told, most) in new[]
        {
            ("free", "", "", null, Calls),
            ("budgeted", "budget: \"0.2\"", "", "The budget of $0.2 of the agent 'budgeted'", 6),
            ("bounded", "limits: {maxCost: \"0.2\"}", "", "The session's bound of $0.2", 6),
            ("stepping", "limits: {maxSteps: 5}", "", "The limit of 5 model calls", 5),
            ("ruled", "", "- {id: few, effect: require, resources: ['route:chat'], obligations: [{limit: {key: agent, sum: calls, max: \"5\", window: P1D}}]}", "It would pass the limit", 5),
        })
        {
            await CreateAsync(served, name, bound, rule);
            var token = await served.Workspace.Served.OpenAsync(name, null, null, null, CancellationToken.None);
            var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(async call =>
            {
                using var response = await (call % 2 == 0 ? first : second).SendAsync(token, "hi");
                return (response.StatusCode, Body: await response.Content.ReadAsStringAsync());
            }));

            var answered = answers.Count(answer => answer.StatusCode == HttpStatusCode.OK);
            Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.OK), answer =>
            {
                Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
                Assert.Contains(told!, Error(answer.Body).GetProperty("message").GetString(), StringComparison.Ordinal);
            });
            Assert.True(bound.Contains("0.2", StringComparison.Ordinal) ? answered >= 1 && answered <= most : answered == most, $"{name}: {answered} calls were answered.");
            await AssertSpentAsync(served, token, 0.029m * answered, answered);
            var records = await RecordsAsync(served, token);
            Assert.Equal(2, records.Select(record => record.Actor.Process).Distinct().Count());
            Assert.True(Peak(records) <= (bound.Contains("0.2", StringComparison.Ordinal) ? 0.2m : decimal.MaxValue), name);
        }

        Assert.True((await served.Workspace.Ledger.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
    }

    [PostgresFact]
    public async Task A_budget_of_the_workspace_is_never_passed_by_both_servers_together()
    {
        await using var served = await OpenAsync(store: postgres.GetUri("served-budget"));
        await served.SetBudgetAsync(0.4m);
        using var first = await ServedProcess.StartAsync(served.Store);
        using var second = await ServedProcess.StartAsync(served.Store);
        ServedToken[] tokens = [await served.MintAsync(), await served.MintAsync()];
        var answers = await Task.WhenAll(Enumerable.Range(0, 2 * Calls).Select(async call =>
        {
            using var response = await (call % 4 < 2 ? first : second).SendAsync(tokens[call % 2], "hi");
            return response.StatusCode;
        }));
        Assert.All(answers, status => Assert.True(status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, status.ToString()));
        var records = (await RecordsAsync(served, tokens[0])).Concat(await RecordsAsync(served, tokens[1])).OrderBy(record => record.Sequence).ToArray();
        var use = await served.UseAsync();
        Assert.Equal((0.029m * answers.Count(status => status == HttpStatusCode.OK), 0m), (use.Spent, use.Reserved));
        Assert.InRange(Peak(records), 0.029m, 0.4m);
    }

    [PostgresFact]
    public async Task A_stop_and_a_suspension_end_the_answers_of_both_servers()
    {
        await using var served = await OpenAsync(steps: Endless, store: postgres.GetUri("served-stop"));
        using var first = await ServedProcess.StartAsync(served.Store);
        using var second = await ServedProcess.StartAsync(served.Store);
        var stopped = await served.MintAsync();
        await EndBothAsync(stopped, () => served.Workspace.Sessions.StopAsync(stopped.Session, null, CancellationToken.None).AsTask());
        var suspended = await served.MintAsync();
        await EndBothAsync(suspended, () => served.Workspace.Agents.SuspendAsync("a", null, CancellationToken.None).AsTask());

        async Task EndBothAsync(ServedToken token, Func<Task> end)
        {
            using var one = await first.SendAsync(token, "hi", stream: true);
            using var other = await second.SendAsync(token, "hi", stream: true);
            await end();
            foreach (var (response, server) in new[] { (one, first), (other, second) })
            {
                var body = await response.Content.ReadAsStringAsync();
                Assert.Contains("insufficient_permissions", body, StringComparison.Ordinal);
                Assert.DoesNotContain("[DONE]", body, StringComparison.Ordinal);
                using var refused = await server.SendAsync(token, "hi");
                Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            }

            var records = await RecordsAsync(served, token);
            Assert.Equal(["Cancelled", "Cancelled"], records.Where(record => record.Type == "model.failed").Select(record => Text(record, "stop")));
            var session = (await served.Workspace.GetStateAsync(CancellationToken.None)).Sessions[token.Session];
            Assert.Equal((records.Sum(record => Amount(record, "cost")), 0m, 2), (session.Cost, session.Reserved, session.Steps));
        }
    }

    [PostgresFact]
    public async Task What_a_killed_server_had_set_aside_is_settled_by_the_other_ones_next_call()
    {
        await using var served = await OpenAsync(steps: Endless, agent: "limits: {maxSteps: 2}", store: postgres.GetUri("served-killed"));
        using var other = await ServedProcess.StartAsync(served.Store);
        using var killed = await ServedProcess.StartAsync(served.Store);
        var token = await served.MintAsync();
        using var response = await killed.SendAsync(token, "hi", stream: true);
        killed.Kill();

        using (await other.SendAsync(token, "hi", stream: true))
        {
        }

        var calls = await served.CallsAsync(4);
        Assert.Equal(["model.requested", "model.failed", "model.requested", "model.failed"], calls.Select(call => call.Type));
        Assert.Equal(("unknown", Amount(calls[0], "reserved")), (Text(calls[1], "outcome"), Amount(calls[1], "cost")));
        await AssertSpentAsync(served, token, Amount(calls[1], "cost") + Amount(calls[3], "cost"), calls: 2);
        using var refused = await other.SendAsync(token, "hi");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    private static async Task CreateAsync(GovernedRoute served, string name, string bound, string rule)
    {
        await served.ImportAsync($"""
            apiVersion: agentops/v1
            kind: Agent
            name: {name}
            route: chat
            {bound}
            """);
        if (rule.Length > 0)
        {
            await served.ImportAsync($$"""
                apiVersion: agentops/v1
                kind: AgentPolicy
                name: {{name}}
                subjects: {agents: [{{name}}]}
                rules:
                {{rule}}
                """);
        }
    }

    private static async Task AssertSpentAsync(GovernedRoute served, ServedToken token, decimal spent, int calls)
    {
        var state = await served.Workspace.GetStateAsync(CancellationToken.None);
        var (session, agent) = (state.Sessions[token.Session], state.Agents[token.Agent]);
        Assert.Equal((spent, 0m, calls), (session.Cost, session.Reserved, session.Steps));
        Assert.Equal((spent, 0m), (agent.Spent, agent.Reserved));
    }

    /// <summary>The most that was spent and set aside at any moment.</summary>
    private static decimal Peak(IEnumerable<LedgerRecord> records)
    {
        var (used, most) = (0m, 0m);
        foreach (var record in records)
        {
            used += Amount(record, "reserved") - Amount(record, "released") + Amount(record, "cost");
            most = Math.Max(most, used);
        }

        return most;
    }

    private static async Task<List<LedgerRecord>> RecordsAsync(GovernedRoute served, ServedToken token)
    {
        var records = new List<LedgerRecord>();
        await foreach (var record in served.Workspace.Ledger.ReadAsync(new LedgerQuery { Type = "model.*", Session = token.Session }, CancellationToken.None))
        {
            records.Add(record);
        }

        return records;
    }

    private static string? Text(LedgerRecord record, string member) => record.Data.TryGetProperty(member, out var value) ? value.GetString() : null;

    private static decimal Amount(LedgerRecord record, string member) => decimal.Parse(Text(record, member) ?? "0", CultureInfo.InvariantCulture);
}
