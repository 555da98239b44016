using System.Text.RegularExpressions;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Attacks;

/// <summary>
/// Every attack of <see cref="HostileTools"/> twice: by an agent under governance, where it must have no effect and meet the reason
/// that is due; and without, on a world of its own, where it must have its effect, or it would prove nothing.
/// </summary>
public sealed class HostileToolTests : IAsyncLifetime
{
    private AttackWorld _world = null!;
    private Workspace _workspace = null!;

    public static TheoryData<string> Names => [.. HostileTools.Rows.Select(row => $"{row.Category}: {row.Name}")];

    public async Task InitializeAsync()
    {
        _world = await AttackWorld.CreateAsync();
        _workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = _world.Store, HostName = "attacks" }, CancellationToken.None);
        await _workspace.Configuration.ImportAsync(ConfigurationSet.Parse(_world.Fill(Configuration), "attacks.yaml"), CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _workspace.DisposeAsync();
        _world.Dispose();
    }

    [SandboxTheory]
    [MemberData(nameof(Names))]
    public async Task An_attack_of_a_tool_has_no_effect_and_meets_its_reason(string name)
    {
        var (_, _, script, proof, reason) = HostileTools.Rows.Single(row => $"{row.Category}: {row.Name}" == name);
        _world.Remember();

        var (result, output) = await InvokeAsync("a", script);

        Assert.Equal((SessionStatus.Completed, 1), (result.Status, result.ToolCalls));
        await File.WriteAllTextAsync(_world.Loot, output);
        // Where the proof itself would do the harm, it is enough that the victim lives.
        Assert.False(!proof.StartsWith("kill", StringComparison.Ordinal) && await _world.IsProvenAsync(proof), $"it had its effect: {output}");
        Assert.Matches(new Regex(reason, RegexOptions.IgnoreCase), output);
        await _world.AssertUntouchedAsync();

        using var control = await AttackWorld.CreateAsync();
        await control.RunAsync(script);
        Assert.True(await control.IsProvenAsync(proof), "without governance it has no effect, so it proves nothing");
    }

    [SandboxTheory]
    [InlineData("while :; do :; done")]
    [InlineData("trap '' TERM INT HUP; while :; do sleep 0.01; done")]
    [InlineData("kill -STOP $$")]
    [InlineData("yes")]
    [InlineData("perl -e 'fork while 1'")]
    [InlineData("cat")]
    [InlineData("setsid sh -c 'while :; do :; done'")]
    public async Task What_never_ends_is_ended_with_all_its_processes(string script)
    {
        if (script == "cat")
        {
            // Its input is closed: this one ends by itself, and is here to show that nothing waits for a person.
            Assert.Equal(1, (await InvokeAsync("spinner", script)).Result.ToolCalls);
            return;
        }

        // The mark shows in the command line of every process of the tool.
        var mark = $"mark-{Guid.NewGuid():N}";
        var (result, output) = await InvokeAsync("spinner", $": {mark}; {script}");

        Assert.Equal(SessionStatus.Completed, result.Status);
        Assert.Matches("time-out|Exit code", output);
        Assert.DoesNotContain(Directory.EnumerateFiles("/proc", "cmdline", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true }), file => Reads(file, mark));
    }

    [SandboxFact]
    public async Task A_flood_of_output_is_cut()
    {
        var (result, output) = await InvokeAsync("a", "head -c 20000000 /dev/zero | tr '\\000' x");

        Assert.Equal(1, result.ToolCalls);
        Assert.InRange(output.Length, 60_000, 70_000);
    }

    private static bool Reads(string file, string mark)
    {
        try
        {
            return File.ReadAllText(file).Contains(mark, StringComparison.Ordinal);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task<(InvocationResult Result, string Output)> InvokeAsync(string agent, string script)
    {
        var output = string.Empty;
        InvocationResult? result = null;
        await foreach (var item in _workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = agent, Prompt = _world.Fill($"exec 2>&1; {script}") }, CancellationToken.None))
        {
            output = item.Kind is SessionEventKind.ToolCompleted or SessionEventKind.ToolRefused ? item.Text ?? item.Reason! : output;
            result = item.Result ?? result;
        }

        return (result!, output);
    }

    // The model does what it is told, whatever that is.
    private const string Configuration = """
        apiVersion: agentops/v1
        kind: Provider
        name: obedient
        protocol: simulated
        options: {scenario: {steps: [{call: {tool: Run, arguments: {Script: "{{user}}"}}}, {say: done}]}}
        ---
        apiVersion: agentops/v1
        kind: Provider
        name: obedient-spinner
        protocol: simulated
        options: {scenario: {steps: [{call: {tool: Spin, arguments: {Script: "{{user}}"}}}, {say: done}]}}
        ---
        apiVersion: agentops/v1
        kind: Route
        name: default
        targets: [{provider: obedient, model: m}]
        ---
        apiVersion: agentops/v1
        kind: Route
        name: spinner
        targets: [{provider: obedient-spinner, model: m}]
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Run
        process: {command: [bash, -c, "{Script}"]}
        parameters: {Script: {type: string, mandatory: true}}
        isolation: {level: sandbox, write: [$OUT/writable]}
        sideEffect: irreversible
        timeout: PT20S
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Spin
        process: {command: [bash, -c, "{Script}"]}
        parameters: {Script: {type: string, mandatory: true}}
        isolation: {level: sandbox}
        sideEffect: none
        timeout: PT0.5S
        ---
        apiVersion: agentops/v1
        kind: Agent
        name: a
        route: default
        tools: [Run]
        ---
        apiVersion: agentops/v1
        kind: Agent
        name: spinner
        route: spinner
        tools: [Spin]
        ---
        apiVersion: agentops/v1
        kind: AgentPolicy
        name: p
        subjects: {agents: [a, spinner]}
        rules:
        - {id: run, effect: permit, resources: ['tool:Run', 'tool:Spin']}
        """;
}
