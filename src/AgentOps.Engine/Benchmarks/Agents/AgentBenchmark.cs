using System.Collections.Concurrent;
using AgentOps.Engine.Benchmarks.Agents.Simulation;
using AgentOps.Engine.Errors;
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
        var acting = _options.Suite.Documents.Tools.Where(tool => tool.SideEffect != SideEffect.None).Select(tool => tool.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var worlds = new WorldExecutor();
        var model = new TaskModel(new Fallibility(_options.Rates, acting, _options.Seed));
        await using var workspace = await Workspace.OpenAsync(
            new WorkspaceOptions
            {
                Store = folder,
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
        var samples = new ConcurrentDictionary<int, TrialSample>();
        var telling = new Lock();
        var started = _time.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Trials),
            new ParallelOptions { MaxDegreeOfParallelism = _options.ThrottleLimit, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                var sample = await run.RunAsync(Tasks[index % Tasks.Count], (index / Tasks.Count) + 1, token);
                samples[index] = sample;
                lock (telling)
                {
                    tell?.Invoke(sample);
                }
            });
        var duration = _time.GetElapsedTime(started);
        var ordered = samples.OrderBy(pair => pair.Key).Select(pair => pair.Value).ToArray();
        return new AgentBenchmarkResult
        {
            Suite = _options.Suite.Suite.Name,
            IsGoverned = _options.IsGoverned,
            Seed = _options.Seed,
            Repeat = _options.Repeat,
            Samples = ordered,
            Duration = duration,
            Proved = _options.IsProved ? await EffectProof.CountAsync(workspace.Ledger, ordered.SelectMany(sample => sample.Effects).ToArray(), cancellationToken) : null,
        };
    }
}
