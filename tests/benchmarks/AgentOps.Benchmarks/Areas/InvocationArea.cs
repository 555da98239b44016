using System.Diagnostics;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Benchmarks.Areas;

/// <summary>
/// The figures of invocation: what the engine adds to one governed tool call, on a durable ledger and on one in memory, and how
/// soon a stop from another process has worked.
/// </summary>
internal sealed class InvocationArea : IBenchmarkArea
{
    private const int Calls = 300;
    private const int Sessions = 8;

    // What is measured is compiled code: the runtime compiles what is called often only after a while.
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(4);

    public string Name => "invocation";

    public IEnumerable<Figure> Run(BenchmarkContext context)
    {
        yield return new Figure("invocation.governed.durable.p50", Governed(Path.Combine(context.WorkPath, "governed")), "us");
        yield return new Figure("invocation.governed.memory.p50", Governed(LedgerStores.Memory), "us");
        if (!OperatingSystem.IsLinux())
        {
            BenchmarkContext.Say("invocation.stop.max is left out: its tools are made for Linux");
            yield break;
        }

        yield return new Figure("invocation.stop.max", new StopRuns(Path.Combine(context.WorkPath, "stop")).MeasureAsync().GetAwaiter().GetResult(), "ms");
    }

    /// <summary>
    /// The model proposes the calls of a session in one turn. From the end of one tool to the start of the next lies all that the engine does for
    /// a call: the outcome taken in, its payload kept, the next call bound, authorized, its intent appended and, on the disk, flushed.
    /// </summary>
    private static double Governed(string store)
    {
        var tool = new InstantExecutor();
        var workspace = Wait(Workspace.OpenAsync(new WorkspaceOptions { Store = store, HostName = "bench", Executors = [tool] }, CancellationToken.None).AsTask());
        Wait(workspace.Configuration.ImportAsync(ConfigurationSet.Parse(Configuration(), "bench.yaml"), CancellationToken.None).AsTask());
        var started = Stopwatch.GetTimestamp();
        for (var measured = 0; measured < Sessions;)
        {
            var isMeasured = Stopwatch.GetElapsedTime(started) >= Warmup;
            measured += isMeasured ? 1 : 0;
            tool.Begin(isMeasured);
            var result = Wait(InvokeAsync(workspace));
            if (result.Status != SessionStatus.Completed || result.ToolCalls != Calls)
            {
                throw new InvalidOperationException($"Of {Calls} calls {result.ToolCalls} were made: {result.Reason}");
            }
        }

        Wait(workspace.DisposeAsync().AsTask());
        var between = tool.Between;
        Array.Sort(between);
        BenchmarkContext.Say($"{store}: median {between[between.Length / 2]:0} µs, p99 {between[between.Length * 99 / 100]:0} µs");
        return between[between.Length / 2];
    }

    private static async Task<InvocationResult> InvokeAsync(Workspace workspace)
    {
        SessionEvent? last = null;
        await foreach (var item in workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "clerk", Prompt = "Pay them all." }, CancellationToken.None))
        {
            last = item;
        }

        return last!.Result!;
    }

    private static string Configuration()
    {
        var calls = string.Join('\n', Enumerable.Range(0, Calls).Select(i =>
            FormattableString.Invariant($"      - {{tool: Send-Payment, arguments: {{Payee: acme, Amount: \"{1 + (i % 400)}.50\", InvoiceId: INV-{i:000000}}}}}")));
        return $$$"""
            apiVersion: agentops/v1
            kind: Provider
            name: scripted
            protocol: simulated
            options:
              scenario:
                steps:
                - call:
            {{{calls}}}
                - say: done
            ---
            apiVersion: agentops/v1
            kind: Route
            name: default
            targets:
            - {provider: scripted, model: m, price: {input: "1", output: "1"}}
            ---
            apiVersion: agentops/v1
            kind: Tool
            name: Send-Payment
            description: Pays an invoice.
            command: {name: Send-Payment}
            parameters:
              Payee: {type: string, mandatory: true}
              Amount: {type: decimal, mandatory: true}
              InvoiceId: {type: string, mandatory: true}
            sideEffect: irreversible
            ---
            apiVersion: agentops/v1
            kind: Agent
            name: clerk
            route: default
            tools: [Send-Payment]
            limits: {maxToolCalls: {{{Calls}}}}
            ---
            apiVersion: agentops/v1
            kind: AgentPolicy
            name: clerk
            subjects: {agents: [clerk]}
            rules:
            - id: pay
              effect: permit
              resources: ['tool:Send-Payment']
              args:
                Payee: {type: string, in: [acme, globex]}
                Amount: {type: decimal, min: "0.01", max: "500.00"}
                InvoiceId: {type: string, pattern: 'INV-[0-9]{6}'}
            - id: not-tainted
              effect: forbid
              resources: ['tool:Send-*']
              when: [{fact: session.taint, anyOf: [untrusted]}]
            """;
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
