using System.Text.RegularExpressions;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Providers.Simulated;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Attacks;

/// <summary>
/// Every attack of <see cref="HostileModel"/> twice: under governance, where it must have no effect and meet the reason that is due,
/// by the authorizer alone, without a sandbox; and by an agent without governance, where it must have its effect.
/// </summary>
public sealed class HostileModelTests : IAsyncLifetime
{
    private AttackWorld _world = null!;
    private Workspace _workspace = null!;

    public static TheoryData<string> Names => [.. HostileModel.Rows.Select(row => $"{row.Category}: {row.Name}")];

    public async Task InitializeAsync()
    {
        _world = await AttackWorld.CreateAsync();
        _workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = _world.Store, HostName = "attacks", SandboxFolder = "/nowhere" }, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _workspace.DisposeAsync();
        _world.Dispose();
    }

    [UnixTheory]
    [MemberData(nameof(Names))]
    public async Task What_a_hostile_model_asks_for_has_no_effect_and_meets_its_reason(string name)
    {
        var (_, category, calls, proof, reason) = HostileModel.Rows.Single(row => $"{row.Category}: {row.Name}" == name);
        await _workspace.Configuration.ImportAsync(ConfigurationSet.Parse(Configured(_world, calls), "attacks.yaml"), CancellationToken.None);
        _world.Remember();

        var said = string.Empty;
        await foreach (var item in _workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", NoWait = true }, CancellationToken.None))
        {
            said += item.Kind switch
            {
                SessionEventKind.ToolRefused or SessionEventKind.ApprovalRequested => item.Reason + "\n",
                SessionEventKind.ToolCompleted => item.Text + "\n",
                SessionEventKind.Ended => item.Result!.Reason,
                _ => string.Empty,
            };
        }

        await File.WriteAllTextAsync(_world.Loot, said);
        Assert.False(await _world.IsProvenAsync(proof), $"it had its effect: {said}");
        Assert.Matches(new Regex(reason), said);
        if (category != "floods")
        {
            await _world.AssertUntouchedAsync();
        }

        using var other = await AttackWorld.CreateAsync();
        var (tools, proposed) = Read(other, calls);
        var agent = new UngovernedAgent(tools, other);
        foreach (var call in proposed)
        {
            await agent.RunAsync(call.Tool, call.ArgumentsJson);
        }

        Assert.True(await other.IsProvenAsync(proof), "without governance it has no effect, so it proves nothing");
    }

    private static string Configured(AttackWorld world, string[] calls) =>
        world.Fill(Configuration.Replace("STEPS", string.Concat(calls.Select(call => $"    - call: {call}\n")).TrimEnd('\n'), StringComparison.Ordinal));

    /// <summary>The tools, and the calls as the scripted model proposes them.</summary>
    private static (IReadOnlyCollection<ToolDefinition> Tools, IReadOnlyList<ScenarioCall> Calls) Read(AttackWorld world, string[] calls)
    {
        var set = ConfigurationSet.Parse(Configured(world, calls), "attacks.yaml");
        var scenario = Scenario.FromOptions(set.Providers.Single().Options);
        return (set.Tools.ToArray(), scenario.Steps.SelectMany(step => step.Calls).ToArray());
    }

    private const string Configuration = """
        apiVersion: agentops/v1
        kind: Provider
        name: hostile
        protocol: simulated
        options:
          scenario:
            steps:
        STEPS
            - say: done
        ---
        apiVersion: agentops/v1
        kind: Route
        name: default
        targets: [{provider: hostile, model: m}]
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Pay
        process: {command: [bash, -c, 'echo "$0 $1" >> $OUT/payments', "{Payee}", "{Amount}"]}
        parameters: {Payee: {type: string, mandatory: true}, Amount: {type: decimal, mandatory: true}}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Note
        process: {command: [bash, -c, 'echo "$0" >> $OUT/notes', "{Text}"]}
        parameters: {Text: {type: string, mandatory: true}}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Wipe
        process: {command: [rm, -f, $OUT/canary]}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Hidden
        process: {command: [touch, $OUT/hidden]}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Burn
        process: {command: [touch, $OUT/burnt]}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Launch
        process: {command: [touch, $OUT/launched]}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Caged
        process: {command: [touch, $OUT/caged]}
        isolation: {level: sandbox}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Show
        process: {command: [cat, "{Path}"]}
        parameters: {Path: {type: path, mandatory: true}}
        sideEffect: none
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Sort
        process: {command: [sort, "{Name}"]}
        parameters: {Name: {type: string, mandatory: true}}
        sideEffect: none
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Say
        process: {command: [echo, "{Text}"]}
        parameters: {Text: {type: string, mandatory: true}}
        sideEffect: none
        ---
        apiVersion: agentops/v1
        kind: Agent
        name: a
        route: default
        tools: [Pay, Note, Wipe, Burn, Launch, Caged, Show, Sort, Say]
        limits: {maxSteps: 60, maxToolCalls: 30}
        ---
        apiVersion: agentops/v1
        kind: AgentPolicy
        name: p
        subjects: {agents: [a]}
        rules:
        - id: pay
          effect: permit
          resources: ['tool:Pay']
          args:
            Payee: {type: string, in: [acme, globex]}
            Amount: {type: decimal, min: "0.01", max: "100.00"}
        - {id: rest, effect: permit, resources: ['tool:Note', 'tool:Hidden', 'tool:Burn', 'tool:Launch', 'tool:Caged', 'tool:Sort', 'tool:Say']}
        - {id: show, effect: permit, resources: ['tool:Show'], args: {Path: {type: path, root: $ROOT/public}}}
        - {id: burn, effect: forbid, resources: ['tool:Bur*']}
        - {id: launch, effect: require, resources: ['tool:Launch'], obligations: [{approval: {quorum: 2, timeout: PT5M}}]}
        - {id: sum, effect: require, resources: ['tool:Pay'], obligations: [{limit: {key: agent, sum: args.Amount, max: "500", window: P1D}}]}
        """;
}
