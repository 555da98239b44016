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
