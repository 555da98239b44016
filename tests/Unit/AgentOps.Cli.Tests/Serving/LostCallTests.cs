using System.Globalization;
using System.Net;
using AgentOps.Engine.Accounting;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;
using static AgentOps.Cli.Tests.Serving.ServedAgent;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>Calls whose server ends before it says what they cost: they count as spent, and block nothing for good.</summary>
public class LostCallTests
{
    // 4,000 words at 20 ms each, to whoever asks for long: nobody sees the end.
    private static readonly string Steps =
        $$"""{latency: {perTokenMs: 20}, steps: [{when: long, say: {{string.Join(' ', Enumerable.Repeat("word", 4000))}}, repeat: true}, {say: Hello., repeat: true, usage: {input: 20, output: 9} }]}""";

    [Fact]
    public async Task What_a_killed_server_had_set_aside_counts_as_spent_once_another_begins_and_its_session_goes_on_within_its_bounds()
    {
        await using var served = await OpenAsync(Steps, agent: "limits: {maxSteps: 3}");
        await served.SetBudgetAsync(10);
        var token = await served.MintAsync();
        using (var killed = await ServedProcess.StartAsync(served.Store))
        {
            using var response = await killed.SendAsync(token, "long", stream: true);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.StartsWith("data:", await reader.ReadLineAsync(), StringComparison.Ordinal);
            killed.Kill();
        }

        var requested = Assert.Single(await served.CallsAsync(1));
        var reserved = Amount(requested, "reserved");
        var left = await served.Workspace.GetStateAsync(CancellationToken.None);
        Assert.Equal((0m, reserved), (left.Sessions[token.Session].Cost, left.Sessions[token.Session].Reserved));
        Assert.True(reserved > 0);

        using var second = await ServedProcess.StartAsync(served.Store);
        var lost = (await served.CallsAsync(2))[1];
        Assert.Equal(("model.failed", token.Session, "a", served.Workspace.OnBehalfOf), (lost.Type, lost.Session, lost.Actor.Agent, lost.Actor.OnBehalfOf));
        Assert.Equal(("unknown", "chat", "scripted", "m", Text(requested, "reservation")),
            (Text(lost, "outcome"), Text(lost, "route"), Text(lost, "provider"), Text(lost, "model"), Text(lost, "reservation")));
        Assert.Equal((reserved, true), (Amount(lost, "cost"), lost.Data.GetProperty("estimated").GetBoolean()));
        await AssertSpentAsync(served, token, reserved, calls: 1);

        using var answered = await second.SendAsync(token, "hi");
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        using var again = await second.SendAsync(token, "hi");
        using var refused = await second.SendAsync(token, "hi");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (again.StatusCode, refused.StatusCode));
        Assert.Contains("The limit of 3 model calls", await MessageAsync(refused), StringComparison.Ordinal);
        await AssertSpentAsync(served, token, reserved + 0.058m, calls: 3);
        Assert.Equal(reserved, (await served.Workspace.Usage.MeasureAsync(UsageGrouping.Route, null, CancellationToken.None)).Single().EstimatedCost);
        Assert.Contains(await StoryAsync(served, token), line => line.StartsWith("Nobody knows what became of a model call: The server that answered it ended", StringComparison.Ordinal));
        Assert.True((await served.Workspace.Ledger.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
    }

    /// <summary>Of a server on another machine nobody knows whether it is gone; of a call it is known when it must have ended.</summary>
    [Fact]
    public async Task A_call_whose_time_is_over_counts_as_spent_and_its_late_end_changes_nothing()
    {
        await using var served = await OpenAsync(Steps, agent: "limits: {maxDuration: PT8H}");
        await served.SetBudgetAsync(10);
        var token = await served.MintAsync();
        var response = await served.SendAsync("long", true, Bearer(token), Internal);
        var reserved = Amount(Assert.Single(await served.CallsAsync(1)), "reserved");

        await using var soon = await LaterAsync(served, TimeSpan.FromMinutes(59));
        Assert.Equal(0, await soon.Served.SettleLostAsync(CancellationToken.None));

        // A call of a session settles what is lost, and is itself held to what is left.
        await using var later = await LaterAsync(served, TimeSpan.FromMinutes(62));
        var renewed = await later.Served.RenewAsync(token.Session, null, CancellationToken.None);
        var (caller, _) = await later.Served.AdmitAsync(renewed.Text, "chat", CancellationToken.None);
        await foreach (var _ in later.Served.StreamAsync(caller!, "chat", Request("hi"), CancellationToken.None))
        {
        }

        var calls = await served.CallsAsync(4);
        Assert.Equal(["model.requested", "model.failed", "model.requested", "model.completed"], calls.Select(call => call.Type));
        Assert.Equal(("unknown", reserved, Text(calls[0], "reservation")), (Text(calls[1], "outcome"), Amount(calls[1], "cost"), Text(calls[1], "reservation")));
        await AssertSpentAsync(served, token, reserved + 0.029m, calls: 2);

        response.Dispose();
        var late = (await served.CallsAsync(5))[4];
        Assert.Equal(("model.failed", "Cancelled", 0m, true, Text(calls[0], "reservation")),
            (late.Type, Text(late, "stop"), Amount(late, "cost"), late.Data.GetProperty("late").GetBoolean(), Text(late, "reservation")));
        await AssertSpentAsync(served, token, reserved + 0.029m, calls: 2);
    }

    private static async Task AssertSpentAsync(GovernedRoute served, ServedToken token, decimal spent, int calls)
    {
        var state = await served.Workspace.GetStateAsync(CancellationToken.None);
        var (session, agent, use) = (state.Sessions[token.Session], state.Agents["a"], await served.UseAsync());
        Assert.Equal((spent, 0m, calls), (session.Cost, session.Reserved, session.Steps));
        Assert.Equal((spent, 0m), (agent.Spent, agent.Reserved));
        Assert.Equal((spent, 0m), (use.Spent, use.Reserved));
        Assert.Equal(spent, (await served.Workspace.Usage.MeasureAsync(UsageGrouping.Agent, null, CancellationToken.None)).Single().Cost);
        Assert.Equal(SessionStatus.Running, session.Status);
    }

    private static async Task<List<string>> StoryAsync(GovernedRoute served, ServedToken token)
    {
        var told = new List<string>();
        await foreach (var line in served.Workspace.Sessions.TellAsync([token.Session], follow: false, CancellationToken.None))
        {
            told.Add(line.Text);
        }

        return told;
    }

    private static ValueTask<Workspace> LaterAsync(GovernedRoute served, TimeSpan by) =>
        Workspace.OpenAsync(new WorkspaceOptions { Store = served.Store, HostName = "later", Time = new LaterTime(by) }, CancellationToken.None);

    private static ModelRequest Request(string text) => new() { Model = "any", Messages = [Message.Text(MessageRole.User, text)], MaxOutputTokens = 50, DataClass = DataClasses.Default };

    private static string? Text(LedgerRecord record, string member) => record.Data.TryGetProperty(member, out var value) ? value.GetString() : null;

    private static decimal Amount(LedgerRecord record, string member) => decimal.Parse(Text(record, member)!, CultureInfo.InvariantCulture);
}
