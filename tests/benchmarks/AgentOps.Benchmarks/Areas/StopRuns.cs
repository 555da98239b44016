using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Benchmarks.Areas;

/// <summary>
/// Stops sessions from another process and measures, by the clock that all processes of the machine share, how long after the stop
/// record the last process of the tool was gone, or the model call's connection was closed. Every process of a tool holds the write
/// end of a FIFO, so that its end of file is the death of the last one.
/// </summary>
internal sealed class StopRuns(string folder)
{
    /// <summary>The argument by which this program becomes the other process.</summary>
    public const string Role = "stop-sessions";

    private const int Runs = 100;
    private const int Together = 4;

    // Ignores every signal that can be ignored.
    private const string Stubborn = "exec 9>\"$1\"; trap '' TERM INT HUP QUIT; while :; do sleep 0.05; done";

    // Leaves children and grandchildren in sessions of their own, as a daemon does.
    private const string Tree = "exec 9>\"$1\"; trap '' TERM; for i in 1 2 3; do (setsid bash -c 'trap \"\" TERM HUP; (setsid sleep 600 &) ; while :; do sleep 0.05; done' &) ; done; while :; do sleep 0.05; done";

    /// <summary>The longest time from a stop record to the end of what it stopped, in milliseconds.</summary>
    public async Task<double> MeasureAsync()
    {
        Directory.CreateDirectory(folder);
        using var model = new TcpListener(IPAddress.Loopback, 0);
        model.Start();
        var store = Path.Combine(folder, "store");
        using (var fifos = Process.Start("mkfifo", Enumerable.Range(0, Runs).Select(Fifo)))
        {
            await fifos.WaitForExitAsync();
        }

        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = store, HostName = "bench" }, CancellationToken.None);
        for (var run = 0; run < Runs; run++)
        {
            await workspace.Configuration.ImportAsync(ConfigurationSet.Parse(Configuration(run, ((IPEndPoint)model.LocalEndpoint).Port), "bench.yaml"), CancellationToken.None);
        }

        using var other = StartOther(store);
        var asking = new SemaphoreSlim(1, 1);
        var times = new double[Runs];
        await Parallel.ForAsync(0, Runs, new ParallelOptions { MaxDegreeOfParallelism = Together }, async (run, _) =>
            times[run] = await RunAsync(workspace, run, model, other, asking));
        other.StandardInput.Close();
        await other.WaitForExitAsync();
        await CheckAsync(workspace);
        Array.Sort(times);
        BenchmarkContext.Say($"stop: median {times[Runs / 2]:0} ms, longest {times[^1]:0} ms of {Runs}, no effect begun after its stop record");
        return times[^1];
    }

    /// <summary>The other process: a session's id on each line of its input, the time of the durable stop record on each line of its output.</summary>
    public static async Task<int> StopAsync(string store)
    {
        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = store, HostName = "stopper" }, CancellationToken.None);
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } session)
        {
            // The record can't be older than this: the measured time is never too short.
            var before = Stopwatch.GetTimestamp();
            await workspace.Sessions.StopAsync(session, "measured", CancellationToken.None);
            Console.WriteLine(before.ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    private async Task<double> RunAsync(Workspace workspace, int run, TcpListener model, Process other, SemaphoreSlim asking)
    {
        var isModel = run % 3 == 2;
        var began = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var session = Task.Run(async () =>
        {
            InvocationResult? result = null;
            await foreach (var item in workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = Agent(run), Prompt = "go" }, CancellationToken.None))
            {
                if (item.Kind == (isModel ? SessionEventKind.Opened : SessionEventKind.ToolStarted))
                {
                    began.TrySetResult(item.Session);
                }

                result = item.Result ?? result;
            }

            return result!;
        });
        var id = await began.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var ended = isModel ? await ConnectionAsync(model) : await FifoAsync(Fifo(run));
        await Task.Delay(Random.Shared.Next(20, 150));
        var stopped = await AskAsync(other, id, asking);
        var end = await ended.WaitAsync(TimeSpan.FromSeconds(30));
        var outcome = await session.WaitAsync(TimeSpan.FromSeconds(30));
        return outcome.Status == SessionStatus.Stopped
            ? Stopwatch.GetElapsedTime(stopped, end).TotalMilliseconds
            : throw new InvalidOperationException($"Run {run} ended as {outcome.Status}: {outcome.Reason}");
    }

    private static async Task<long> AskAsync(Process other, string session, SemaphoreSlim asking)
    {
        await asking.WaitAsync();
        try
        {
            await other.StandardInput.WriteLineAsync(session);
            return long.Parse((await other.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>Waits for a tool's first process; the inner task gives the time at which its last one was gone.</summary>
    private static async Task<Task<long>> FifoAsync(string path)
    {
        // Opening blocks until a writer has opened it too.
        var stream = await Task.Factory.StartNew(() => File.OpenRead(path), TaskCreationOptions.LongRunning).WaitAsync(TimeSpan.FromSeconds(30));
        return Task.Factory.StartNew(
            () =>
            {
                using (stream)
                {
                    while (stream.ReadByte() >= 0)
                    {
                    }

                    return Stopwatch.GetTimestamp();
                }
            },
            TaskCreationOptions.LongRunning);
    }

    /// <summary>Takes a model call that is never answered; the inner task gives the time at which its connection was closed.</summary>
    private static async Task<Task<long>> ConnectionAsync(TcpListener model)
    {
        var client = await model.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var buffer = new byte[65536];
        _ = await stream.ReadAsync(buffer);
        return Task.Run(async () =>
        {
            using (client)
            {
                try
                {
                    while (await stream.ReadAsync(buffer) > 0)
                    {
                    }
                }
                catch (IOException)
                {
                    // A reset closes it as well.
                }

                return Stopwatch.GetTimestamp();
            }
        });
    }

    private static async Task CheckAsync(Workspace workspace)
    {
        var stopped = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var record in workspace.Ledger.ReadAsync(new LedgerQuery(), CancellationToken.None))
        {
            if (record.Type == EventTypes.SessionStopRequested)
            {
                stopped.Add(record.Session!);
            }
            else if (record.Type is EventTypes.ToolStarted or EventTypes.ModelRequested && stopped.Contains(record.Session!))
            {
                throw new InvalidOperationException($"Record {record.Sequence} began an effect after its session's stop record.");
            }
        }
    }

    private static Process StartOther(string store)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(StopRuns).Assembly.Location);
        }

        start.ArgumentList.Add(Role);
        start.ArgumentList.Add(store);
        var process = Process.Start(start)!;
        return process.StandardOutput.ReadLine() == "ready" ? process : throw new InvalidOperationException("The other process did not start.");
    }

    private string Fifo(int run) => Path.Combine(folder, FormattableString.Invariant($"fifo-{run}"));

    private static string Agent(int run) => FormattableString.Invariant($"agent-{run}");

    private string Configuration(int run, int port)
    {
        var tool = FormattableString.Invariant($"tool-{run}");
        var provider = run % 3 == 2
            ? $"protocol: openai\nuri: http://127.0.0.1:{port}/v1"
            : $"protocol: simulated\noptions: {{scenario: {{steps: [{{call: {{tool: {tool}, arguments: {{}}}}}}, {{say: done}}]}}}}";
        return $"""
            apiVersion: agentops/v1
            kind: Provider
            name: provider-{run}
            {provider}
            ---
            apiVersion: agentops/v1
            kind: Route
            name: route-{run}
            targets:
            - provider: provider-{run}
              model: m
            ---
            apiVersion: agentops/v1
            kind: Tool
            name: {tool}
            process:
              command: [bash, -c, '{(run % 3 == 0 ? Stubborn : Tree).Replace("'", "''", StringComparison.Ordinal)}', tool, '{Fifo(run)}']
            isolation:
              level: sandbox
              write: ['{(run % 3 == 2 ? folder : Fifo(run))}']
            sideEffect: irreversible
            timeout: PT10M
            ---
            apiVersion: agentops/v1
            kind: Agent
            name: {Agent(run)}
            route: route-{run}
            tools: [{tool}]
            ---
            apiVersion: agentops/v1
            kind: AgentPolicy
            name: policy-{run}
            subjects:
              agents: [{Agent(run)}]
            rules:
            - id: use
              effect: permit
              resources: ['tool:{tool}']
            """;
    }
}
