using AgentOps.Engine.Configuration;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Attacks;

public sealed class SwappedLinkTests
{
    [UnixTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_link_that_is_swapped_between_decision_and_start_leads_nowhere(bool isSwapped)
    {
        using var world = await AttackWorld.CreateAsync();
        var (door, target) = (Path.Combine(world.Root, "public", "door"), Path.Combine(world.Root, "secret"));
        await File.WriteAllTextAsync(Path.Combine(world.Root, "public", "s.txt"), "fine");
        File.CreateSymbolicLink(door, Path.Combine(world.Root, "public"));
        var log = Path.Combine(world.Store, "ledger", "log", "000000.jsonl");
        var time = new MomentTime(
            () => isSwapped && File.ReadAllText(log).Contains("\"tool.started\"", StringComparison.Ordinal),
            () =>
            {
                File.Delete(door);
                File.CreateSymbolicLink(door, target);
            });
        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = world.Store, Time = time, SandboxFolder = "/nowhere" }, CancellationToken.None);
        await workspace.Configuration.ImportAsync(ConfigurationSet.Parse(world.Fill(Configuration), "link.yaml"), CancellationToken.None);

        var said = string.Empty;
        await foreach (var item in workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, CancellationToken.None))
        {
            said += item.Kind == SessionEventKind.ToolCompleted ? $"{item.Outcome}: {item.Text}" : string.Empty;
        }

        // What an unwatched tool would have read by now.
        Assert.Equal(isSwapped ? "TOP-SECRET" : "fine", await File.ReadAllTextAsync(Path.Combine(door, "s.txt")));
        Assert.Equal(isSwapped, said.StartsWith("error: The path", StringComparison.Ordinal) && said.Contains("no longer leads where it led", StringComparison.Ordinal));
        Assert.Equal(!isSwapped, said == "ok: fine");
    }

    [Fact]
    public async Task Paths_are_pinned_only_where_that_can_be_kept()
    {
        using var world = await AttackWorld.CreateAsync();
        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = world.Store }, CancellationToken.None);
        var unkept = Configuration.Replace("sideEffect: none\n", "sideEffect: none\nisolation: {pin: true}\n", StringComparison.Ordinal);

        var fault = await Assert.ThrowsAsync<Errors.AgentOpsException>(async () => await workspace.Configuration.ImportAsync(ConfigurationSet.Parse(world.Fill(unkept), "link.yaml"), CancellationToken.None));

        Assert.Equal(Errors.ErrorCodes.ToolInvalid, fault.Code);
    }

    /// <summary>The link is swapped when the tool runs already: after every look of ours, before the tool's own.</summary>
    [SandboxTheory]
    [InlineData(true, "fine")]
    [InlineData(false, "TOP-SECRET")]
    public async Task A_pinned_path_leads_where_it_led_whatever_becomes_of_the_link(bool isPinned, string read)
    {
        using var world = await AttackWorld.CreateAsync();
        var (door, meeting) = (Path.Combine(world.Root, "public", "door"), Path.Combine(world.Root, "out", "writable"));
        await File.WriteAllTextAsync(Path.Combine(world.Root, "public", "s.txt"), "fine");
        File.CreateSymbolicLink(door, Path.Combine(world.Root, "public"));
        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = world.Store }, CancellationToken.None);
        var isolation = $"isolation: {{level: sandbox, pin: {(isPinned ? "true" : "false")}, write: [{meeting}]}}\n";
        var waiting = Configuration.Replace(
            "process: {command: [cat, \"{Path}\"]}\n",
            $"process: {{command: [sh, -c, 'touch \"$2/started\"; until [ -e \"$2/go\" ]; do sleep 0.02; done; cat \"$1\"', sh, \"{{Path}}\", {meeting}]}}\n{isolation}",
            StringComparison.Ordinal);
        await workspace.Configuration.ImportAsync(ConfigurationSet.Parse(world.Fill(waiting), "link.yaml"), CancellationToken.None);
        var swap = Task.Run(async () =>
        {
            for (var i = 0; i < 1500 && !File.Exists(Path.Combine(meeting, "started")); i++)
            {
                await Task.Delay(20);
            }

            File.Delete(door);
            File.CreateSymbolicLink(door, Path.Combine(world.Root, "secret"));
            await File.WriteAllTextAsync(Path.Combine(meeting, "go"), string.Empty);
        });

        var said = string.Empty;
        await foreach (var item in workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, CancellationToken.None))
        {
            said += item.Kind == SessionEventKind.ToolCompleted ? $"{item.Outcome}: {item.Text}" : string.Empty;
        }

        await swap;
        Assert.Equal($"ok: {read}", said);
    }

    private const string Configuration = """
        apiVersion: agentops/v1
        kind: Provider
        name: scripted
        protocol: simulated
        options: {scenario: {steps: [{call: {tool: Show, arguments: {Path: $ROOT/public/door/s.txt}}}, {say: done}]}}
        ---
        apiVersion: agentops/v1
        kind: Route
        name: default
        targets: [{provider: scripted, model: m}]
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Show
        process: {command: [cat, "{Path}"]}
        parameters: {Path: {type: path, mandatory: true}}
        sideEffect: none
        ---
        apiVersion: agentops/v1
        kind: Agent
        name: a
        route: default
        tools: [Show]
        ---
        apiVersion: agentops/v1
        kind: AgentPolicy
        name: p
        subjects: {agents: [a]}
        rules:
        - {id: show, effect: permit, resources: ['tool:Show'], args: {Path: {type: path, root: $ROOT/public}}}
        """;

    /// <summary>The system's time, which does something once, at the first look at it after a condition holds.</summary>
    private sealed class MomentTime(Func<bool> isDue, Action act) : TimeProvider
    {
        private int _done;

        public override long GetTimestamp()
        {
            if (Volatile.Read(ref _done) == 0 && isDue() && Interlocked.Exchange(ref _done, 1) == 0)
            {
                act();
            }

            return base.GetTimestamp();
        }
    }
}
