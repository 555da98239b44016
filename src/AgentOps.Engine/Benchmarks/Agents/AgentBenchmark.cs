using System.Globalization;
using AgentOps.Engine.Benchmarks.Agents.Simulation;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>Runs a suite through the real engine: sessions, permissions, constraints, limits and a durable ledger.</summary>
public sealed class AgentBenchmark
{
    private readonly AgentBenchmarkOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes a run.</summary>
    /// <exception cref="AgentOpsException"><c>BenchmarkInvalid</c>.</exception>
    public AgentBenchmark(AgentBenchmarkOptions options, TimeProvider? time = null)
    {
        _options = options;
        _time = time ?? TimeProvider.System;
        Tasks = [.. options.Suite.Suite.Tasks, .. TaskWorlds.Generate(options.Suite.Suite, options.Count ?? options.Suite.Suite.Generated, options.Seed)];
        if (options.Count is not null && options.Suite.Suite.Generated == 0)
        {
            throw new AgentOpsException(ErrorCodes.BenchmarkInvalid, $"The suite '{options.Suite.Suite.Name}' has written-out tasks only, so their number can't be chosen.", options.Suite.Suite.Name);
        }

        if (options.Agent is null && TaskWorlds.WithoutPlan(options.Suite.Suite, Tasks) is { } task)
        {
            throw new AgentOpsException(ErrorCodes.BenchmarkInvalid, $"The task '{task.Id}' has no plan, so the simulated model does not know what to do; measure an agent of your own, or write its plan.", task.Id);
        }
    }

    /// <summary>The tasks.</summary>
    public IReadOnlyList<AgentTask> Tasks { get; }

    /// <summary>How many trials there are.</summary>
    public int Trials => Tasks.Count * _options.Repeat;

    /// <summary>Runs all trials.</summary>
    /// <param name="tell">Told of each trial as it ends, from any thread, one at a time; null for nobody.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AgentOpsException">The store or the configuration can't be used.</exception>
    public async Task<AgentBenchmarkResult> RunAsync(Action<TrialSample>? tell, CancellationToken cancellationToken)
    {
        var folder = _options.Store ?? Directory.CreateTempSubdirectory("agentops-bench-").FullName;
        try
        {
            return await RunAsync(folder, tell, cancellationToken);
        }
        finally
        {
            if (_options.Store is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private async Task<AgentBenchmarkResult> RunAsync(string folder, Action<TrialSample>? tell, CancellationToken cancellationToken)
    {
        var samples = new List<TrialSample>(Trials);
        long? proved = _options.IsProved ? 0 : null;
        var duration = TimeSpan.Zero;
        for (var trial = 1; trial <= _options.Repeat; trial++)
        {
            // A store of its own: what the tasks took from limits, and the purchases that must not be made twice, are those of this trial.
            var store = folder == LedgerStores.Memory ? folder : Path.Combine(folder, trial.ToString(CultureInfo.InvariantCulture));
            var (ended, took, found) = await RunAsync(store, trial, tell, cancellationToken);
            samples.AddRange(ended);
            proved += found;
            duration += took;
        }

        return new AgentBenchmarkResult
        {
            Suite = _options.Suite.Suite.Name,
            IsGoverned = _options.IsGoverned,
            Seed = _options.Seed,
            Repeat = _options.Repeat,
            Samples = samples,
            Duration = duration,
            Proved = proved,
        };
    }

    /// <summary>Runs one trial of every task, in a workspace of its own.</summary>
    private async Task<(TrialSample[] Samples, TimeSpan Duration, long Proved)> RunAsync(string store, int trial, Action<TrialSample>? tell, CancellationToken cancellationToken)
    {
        var acting = _options.Suite.Documents.Tools.Where(tool => tool.SideEffect != SideEffect.None).Select(tool => tool.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var worlds = new WorldExecutor();
        var model = new TaskModel(new Fallibility(_options.Rates, acting, _options.Seed));
        await using var workspace = await Workspace.OpenAsync(
            new WorkspaceOptions
            {
                Store = store,
                HostName = "benchmark",
                Executors = [worlds],
                Models = _options.Agent is null ? [model] : [],
                Secrets = _options.Secrets,
                Time = _time,
            },
            cancellationToken);
        foreach (var configuration in SuiteSetup.Of(_options))
        {
            await workspace.Configuration.ImportAsync(configuration, cancellationToken);
        }

        var run = new TrialRun(_options.Suite.Suite, workspace, worlds, model, acting, _time);
        var samples = new TrialSample[Tasks.Count];
        var telling = new Lock();
        var started = _time.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Tasks.Count),
            new ParallelOptions { MaxDegreeOfParallelism = _options.ThrottleLimit, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                var sample = await run.RunAsync(Tasks[index], trial, token);
                samples[index] = sample;
                lock (telling)
                {
                    tell?.Invoke(sample);
                }
            });
        var duration = _time.GetElapsedTime(started);
        var proved = _options.IsProved ? await EffectProof.CountAsync(workspace.Ledger, samples.SelectMany(sample => sample.Effects).ToArray(), cancellationToken) : 0;
        return (samples, duration, proved);
    }
}
