using System.Text.Json;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Cli.Tests.Workspaces;

public sealed class RunCommandTests : IDisposable
{
    private const string Tools = """
        apiVersion: agentops/v1
        kind: Route
        name: default
        targets: [{provider: scripted, model: m}]
        ---
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
        sideEffect: irreversible
        ---
        apiVersion: agentops/v1
        kind: Agent
        name: a
        route: default
        tools: [Echo, Sleep]
        limits: {maxSteps: 1000, maxToolCalls: 1000}
        ---
        apiVersion: agentops/v1
        kind: AgentPolicy
        name: p
        subjects: {agents: [a]}
        rules:
        - {id: all, effect: permit, resources: ['tool:Echo', 'tool:Sleep']}
        ---
        apiVersion: agentops/v1
        kind: Provider
        name: scripted
        protocol: simulated
        """;

    private readonly TemporaryFolder _folder = new();

    private string Store => Path.Combine(_folder.Path, "store");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_invokes_the_only_agent_and_tells_the_story_line_by_line()
    {
        var file = Configuration("steps: [{call: {tool: Echo, arguments: {Text: hi}}}, {say: all done}]");

        var (exit, output, error) = await HelperProcess.RunAsync("run", file, "--prompt", "go", "--store", Store, "--format", "jsonl");

        Assert.True(exit == 0, error);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal("protocol", lines[0].GetProperty("type").GetString());
        Assert.Equal("Completed", lines[^1].GetProperty("status").GetString());
        Assert.Equal(
            ["Opened", "RouteChosen", "ModelCompleted", "ToolStarted", "ToolCompleted", "RouteChosen", "Text", "ModelCompleted", "Ended"],
            lines.Skip(1).Select(line => line.GetProperty("event").GetString()!).Aggregate(new List<string>(), Folded));
    }

    [Fact]
    public async Task Malformed_configuration_is_refused_with_its_place_and_nothing_is_written()
    {
        var file = _folder.Write("bad.yaml", "apiVersion: agentops/v1\nkind: Agent\nname: a\nrout: default\n");

        var (exit, _, error) = await HelperProcess.RunAsync("run", file, "--prompt", "go", "--store", Store);

        Assert.Equal(3, exit);
        Assert.Contains("bad.yaml:4:1", error, StringComparison.Ordinal);
        Assert.Contains("route", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Store));
    }

    [Fact]
    public async Task A_killed_run_leaves_a_whole_ledger_and_a_session_that_shows_what_is_unknown()
    {
        var file = Configuration("steps: [{call: {tool: Sleep, arguments: {Seconds: 20}}}]");
        using var helper = HelperProcess.Start("run", file, "--prompt", "go", "--store", Store);
        await UntilAsync(workspace => workspace.Sessions.Values.Any(session => !session.Pending.IsEmpty));

        helper.Kill();

        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = Store }, CancellationToken.None);
        Assert.True((await workspace.Ledger.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
        var session = Assert.Single(await workspace.Sessions.ListAsync(CancellationToken.None));
        Assert.Equal(SessionStatus.Interrupted, session.Status);
        Assert.Equal("Sleep", Assert.Single(session.Pending.Values).Tool);

        var stopped = await workspace.Sessions.StopAsync(session.Id, "gone", CancellationToken.None);
        Assert.Equal(SessionStatus.Stopped, stopped.Status);
        Assert.Single(stopped.Pending);
    }

    [Fact]
    public async Task Processes_that_invoke_at_once_share_one_whole_ledger_and_lose_nothing()
    {
        const int Calls = 20;
        const int Processes = 3;
        var steps = string.Join(", ", Enumerable.Range(0, Calls).Select(i => "{call: {tool: Echo, arguments: {Text: \"" + i + "\"}}}"));
        var file = Configuration($"steps: [{steps}]");
        var helpers = Enumerable.Range(0, Processes).Select(_ => HelperProcess.Start("run", file, "--prompt", "go", "--store", Store)).ToArray();
        foreach (var helper in helpers)
        {
            var (exit, _, error) = await helper.EndAsync();
            Assert.True(exit == 0, error);
            helper.Dispose();
        }

        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = Store }, CancellationToken.None);
        Assert.True((await workspace.Ledger.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
        var sessions = await workspace.Sessions.ListAsync(CancellationToken.None);
        Assert.Equal(Processes, sessions.Count);
        Assert.All(sessions, session => Assert.Equal((SessionStatus.Completed, Calls), (session.Status, session.ToolCalls)));

        var started = 0;
        await foreach (var record in workspace.Ledger.ReadAsync(new LedgerQuery { Type = EventTypes.ToolCompleted }, CancellationToken.None))
        {
            started++;
        }

        Assert.Equal(Processes * Calls, started);
    }

    private string Configuration(string scenario) => _folder.Write("workspace.yaml", Tools + $"\noptions: {{scenario: {{{scenario}}}}}\n");

    private static List<string> Folded(List<string> seen, string next)
    {
        if (seen.Count == 0 || seen[^1] != next)
        {
            seen.Add(next);
        }

        return seen;
    }

    private async Task UntilAsync(Func<WorkspaceState, bool> holds)
    {
        for (var i = 0; i < 300; i++)
        {
            if (Directory.Exists(Path.Combine(Store, "ledger")))
            {
                await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = Store }, CancellationToken.None);
                if (holds(await workspace.GetStateAsync(CancellationToken.None)))
                {
                    return;
                }
            }

            await Task.Delay(100);
        }

        Assert.Fail("It did not come to that within 30 s.");
    }
}
