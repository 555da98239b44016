using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Benchmarks.Drift;
using AgentOps.Engine.Benchmarks.Endpoints;
using AgentOps.Engine.Benchmarks.Regression;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Workspaces;
using AgentOps.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Measures the targets of routes, or a server by its address, and compares them with a baseline.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "AgentOpsRoute", DefaultParameterSetName = RouteSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(RouteBenchmark))]
public sealed class MeasureAgentOpsRouteCommand : WorkspaceCmdlet
{
    private const string RouteSet = "Route";
    private const string TargetSet = "Target";
    private const string UriSet = "Uri";
    private const int CallsPerSlot = 10;

    private readonly List<string> _routes = [];
    private Task<Workspace>? _workspace;

    /// <summary>The routes; all their targets are measured.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = RouteSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RouteNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Single targets, as provider/model.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TargetSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public string[] Target { get; set; } = [];

    /// <summary>Addresses of servers of OpenAI's protocol; no workspace is needed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UriSet)]
    [ValidateNotNullOrEmpty]
    public Uri[] Uri { get; set; } = [];

    /// <summary>The model at the addresses.</summary>
    [Parameter(ParameterSetName = UriSet)]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    /// <summary>The environment variable that holds the key for the addresses.</summary>
    [Parameter(ParameterSetName = UriSet)]
    [ValidateNotNullOrEmpty]
    public string? ApiKeyVariable { get; set; }

    /// <summary>Measured calls a target.</summary>
    [Parameter]
    [ValidateRange(1, 10_000_000)]
    public int Count { get; set; }

    /// <summary>How long the open loop lasts, instead of a count.</summary>
    [Parameter]
    [Duration]
    public TimeSpan Duration { get; set; }

    /// <summary>Calls a second and target.</summary>
    [Parameter]
    [ValidateRange(0.0001, 100_000)]
    public double RequestRate { get; set; } = 1;

    /// <summary>The variation of the gaps between calls; 1 is Poisson, more comes in bursts.</summary>
    [Parameter]
    [ValidateRange(0.01, 100)]
    public double Burstiness { get; set; } = 1;

    /// <summary>Callers a target; makes it a closed loop.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int Concurrency { get; set; }

    /// <summary>Slots of time that calls are divided into.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int SlotCount { get; set; }

    /// <summary>The prompts, taken in turn.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Prompt { get; set; } = [];

    /// <summary>The limit of an answer, in tokens.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int MaxOutputTokens { get; set; } = 256;

    /// <summary>Questions with checkable answers that are asked beside the timing.</summary>
    [Parameter]
    [ValidateRange(0, 10_000)]
    public int QuestionCount { get; set; }

    /// <summary>The seed of arrivals and questions.</summary>
    [Parameter]
    public int Seed { get; set; } = 42;

    /// <summary>Promise: the longest time to the first token.</summary>
    [Parameter]
    [Duration]
    public TimeSpan SloTimeToFirstToken { get; set; }

    /// <summary>Promise: the longest mean time of a further token.</summary>
    [Parameter]
    [Duration]
    public TimeSpan SloTimePerOutputToken { get; set; }

    /// <summary>Promise: the longest time to the end of the answer.</summary>
    [Parameter]
    [Duration]
    public TimeSpan SloEndToEnd { get; set; }

    /// <summary>A file for the raw samples, as JSON lines.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>Goes on with a run that broke off.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Replaces files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The baseline to compare with.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Baseline { get; set; }

    /// <summary>A file for a new baseline.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BaselineOutFile { get; set; }

    /// <summary>A file for the verdicts as JUnit XML.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JUnit { get; set; }

    /// <summary>Writes the verdicts as annotations of a CI system.</summary>
    [Parameter]
    [ValidateSet("GitHub", "AzurePipelines")]
    public string? Annotation { get; set; }

    /// <summary>An inconclusive verdict is an error too.</summary>
    [Parameter]
    public SwitchParameter RequireConclusive { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        // Routes are collected, because targets are measured interleaved.
        _routes.AddRange(Name);
        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MeasureAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is AgentOpsException or IOException or UnauthorizedAccessException)
        {
            // A run in CI must not go on as if it had measured.
            await ThrowTerminatingAsync(ErrorRecords.From(exception, null));
        }
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        using var factory = new ProviderFactory();
        var targets = await TargetsAsync(factory, cancellationToken);
        var load = Load(targets.Count);
        var baseline = Baseline is null ? null : BaselineFile.Read(await ResolveLiteralPathAsync(Baseline));
        if (targets.Count == 0)
        {
            return;
        }

        var benchmark = new EndpointBenchmark(targets, load);
        if (baseline is not null)
        {
            BaselineComparison.Require(baseline, load, targets);
        }

        if (BaselineOutFile is not null && !Force && File.Exists(await ResolveLiteralPathAsync(BaselineOutFile)))
        {
            throw new AgentOpsException(ErrorCodes.BenchmarkBaselineInvalid, $"There is a file '{BaselineOutFile}' already.", BaselineOutFile, "Replace it by -Force, or give another name.");
        }

        if (!await ConfirmAsync(string.Join(", ", targets.Select(target => target.Name)), FormattableString.Invariant($"Make {benchmark.PlannedCalls} calls and the warm-up")))
        {
            return;
        }

        var samples = await MeasureAsync(targets, load, OutFile, Resume, cancellationToken);
        var verdicts = baseline is null ? [] : await BaselineComparison.JudgeAsync(
            new RegressionGate(), baseline, load, targets, samples,
            async suspected =>
            {
                await WriteWarningAsync($"Slower than the baseline: {string.Join(", ", suspected.Select(target => target.Name))}. Measuring again to confirm it.");
                return await MeasureAsync(suspected, load, OutFile is null ? null : OutFile + ".second", resume: false, cancellationToken);
            });
        var names = targets.Select(target => target.Name).ToArray();
        var summaries = TargetSummary.Of(names, samples, Objective(), load.PlannedDuration);
        await WriteFilesAsync(load, summaries, samples, verdicts, cancellationToken);
        await TellAsync(load, summaries, samples, AnswerDrift.Between(names, samples), verdicts);
    }

    private async Task<IReadOnlyList<EndpointTarget>> TargetsAsync(ProviderFactory factory, CancellationToken cancellationToken)
    {
        var targets = new List<EndpointTarget>();
        if (ParameterSetName == UriSet)
        {
            foreach (var uri in Uri)
            {
                targets.Add(await EndpointAddress.OpenAsync(factory, uri, Model, ApiKeyVariable is null ? null : "env:" + ApiKeyVariable, cancellationToken));
            }
        }
        else
        {
            var workspace = await (_workspace = GetWorkspaceAsync(cancellationToken));
            foreach (var route in _routes)
            {
                await ForItemAsync(route, async () => targets.AddRange(await workspace.Endpoints.OfRouteAsync(route, cancellationToken)));
            }

            foreach (var target in Target)
            {
                await ForItemAsync(target, async () => targets.Add(await workspace.Endpoints.OfTargetAsync(target, cancellationToken)));
            }
        }

        return [.. targets.DistinctBy(target => target.Name, StringComparer.OrdinalIgnoreCase)];
    }

    private EndpointLoad Load(int targets)
    {
        var bound = MyInvocation.BoundParameters;
        var isClosed = bound.ContainsKey(nameof(Concurrency));
        if (isClosed && (bound.ContainsKey(nameof(RequestRate)) || bound.ContainsKey(nameof(Duration)) || bound.ContainsKey(nameof(Burstiness))))
        {
            throw new AgentOpsException(ErrorCodes.BenchmarkInvalid, "-Concurrency makes a closed loop, which has no -RequestRate, -Burstiness or -Duration.", Concurrency,
                "Give -Concurrency with -Count, or leave it out for an open loop.");
        }

        if (bound.ContainsKey(nameof(Duration)) && bound.ContainsKey(nameof(Count)))
        {
            throw new AgentOpsException(ErrorCodes.BenchmarkInvalid, "-Duration and -Count exclude each other: the rate makes one of the other.", Duration, "Give one of them.");
        }

        // A baseline needs twice the slots of what is compared with it.
        var slots = bound.ContainsKey(nameof(SlotCount)) ? SlotCount
            : BaselineOutFile is not null && Baseline is null ? new GateOptions().BaselineSlots : new GateOptions().CurrentSlots;
        var calls = bound.ContainsKey(nameof(Count)) ? Count
            : bound.ContainsKey(nameof(Duration)) ? (int)Math.Clamp(Math.Round(Duration.TotalSeconds * RequestRate), 0, int.MaxValue)
            : slots * CallsPerSlot;
        return new EndpointLoad
        {
            Kind = isClosed ? LoadKind.Closed : LoadKind.Open,
            Calls = calls,
            RequestRate = RequestRate,
            Burstiness = Burstiness,
            Concurrency = isClosed ? Concurrency : 1,
            Slots = bound.ContainsKey(nameof(SlotCount)) ? slots : Math.Clamp(calls, 1, slots),
            MaxOutputTokens = MaxOutputTokens,
            Questions = bound.ContainsKey(nameof(QuestionCount)) ? QuestionCount : targets > 1 ? 20 : 0,
            Prompts = Prompt.Length > 0 ? Prompt : StandardPrompts.All,
            Seed = Seed,
        };
    }

    private ServiceObjective Objective()
    {
        var bound = MyInvocation.BoundParameters;
        return new ServiceObjective(
            bound.ContainsKey(nameof(SloTimeToFirstToken)) ? SloTimeToFirstToken : null,
            bound.ContainsKey(nameof(SloTimePerOutputToken)) ? SloTimePerOutputToken : null,
            bound.ContainsKey(nameof(SloEndToEnd)) ? SloEndToEnd : null);
    }

    private async Task<IReadOnlyCollection<CallSample>> MeasureAsync(
        IReadOnlyList<EndpointTarget> targets, EndpointLoad load, string? outFile, bool resume, CancellationToken cancellationToken)
    {
        var names = targets.Select(target => target.Name).ToArray();
        using var file = outFile is null ? null
            : resume ? SampleFile.Resume(await ResolveLiteralPathAsync(outFile), load, names)
            : SampleFile.Create(await ResolveLiteralPathAsync(outFile), Force, load, names);
        var samples = new List<CallSample>(file?.Samples ?? []);
        if (samples.Count > 0)
        {
            await WriteVerboseAsync(FormattableString.Invariant($"Going on after {samples.Count} calls."));
        }

        var known = samples.Count;
        var progress = new RunningTable(names, load, WriteProgressAsync);
        try
        {
            foreach (var sample in samples)
            {
                progress.Add(sample);
            }

            await foreach (var sample in new EndpointBenchmark(targets, load).RunAsync([.. samples], cancellationToken))
            {
                file?.Add(sample);
                samples.Add(sample);
                progress.Add(sample);
                await progress.ShowAsync();
            }
        }
        finally
        {
            if (ParameterSetName != UriSet)
            {
                await (await _workspace!).Endpoints.RecordAsync(targets, samples[known..]);
            }

            if (!cancellationToken.IsCancellationRequested)
            {
                await progress.CompleteAsync();
            }
        }

        return samples;
    }

    private async Task WriteFilesAsync(
        EndpointLoad load, IReadOnlyList<TargetSummary> summaries, IReadOnlyCollection<CallSample> samples, IReadOnlyList<TargetVerdict> verdicts, CancellationToken cancellationToken)
    {
        if (BaselineOutFile is not null)
        {
            await File.WriteAllTextAsync(await ResolveLiteralPathAsync(BaselineOutFile), BaselineFile.Of(load, summaries, samples).Write(), cancellationToken);
        }

        if (JUnit is not null)
        {
            await using var output = new FileStream(await ResolveLiteralPathAsync(JUnit), FileMode.Create, FileAccess.Write);
            JUnitReport.Write(output, verdicts);
        }
    }

    private async Task TellAsync(
        EndpointLoad load, IReadOnlyList<TargetSummary> summaries, IReadOnlyCollection<CallSample> samples, IReadOnlyList<AnswerDrift> drifts, IReadOnlyList<TargetVerdict> verdicts)
    {
        foreach (var summary in summaries)
        {
            var drift = drifts.FirstOrDefault(drift => drift.Target == summary.Target);
            await WriteAsync(RouteBenchmark.From(summary, load.Kind.ToString(), samples, drift, verdicts.FirstOrDefault(verdict => verdict.Target == summary.Target)));
            if (summary.Failures > 0)
            {
                var last = samples.Last(sample => sample.Target == summary.Target && sample is { Phase: CallPhase.Measured, Error: not null });
                await WriteWarningAsync(FormattableString.Invariant($"{summary.Target}: {summary.Failures} of {summary.Calls} calls failed; the last ({last.Error}): {last.Detail}"));
            }

            if (drift?.IsDrift == true)
            {
                await WriteWarningAsync($"{drift.Target}: {drift.Reason}");
            }
        }

        foreach (var line in Annotation switch { "GitHub" => CiAnnotations.GitHub(verdicts), "AzurePipelines" => CiAnnotations.AzurePipelines(verdicts), _ => [] })
        {
            await WriteToHostAsync(line);
        }

        var reasons = verdicts.SelectMany(verdict => verdict.Metrics.Select(metric => (verdict.Target, metric.Metric, metric.Outcome, metric.Reason))).ToArray();
        var failed = reasons.Where(reason => reason.Outcome == GateOutcome.Fail).ToArray();
        var unclear = reasons.Where(reason => reason.Outcome == GateOutcome.Inconclusive).ToArray();
        foreach (var (target, metric, _, reason) in unclear)
        {
            await WriteWarningAsync($"Inconclusive: {target} {metric}: {reason}");
        }

        if (failed.Length > 0 || (RequireConclusive && unclear.Length > 0))
        {
            var code = failed.Length > 0 ? ErrorCodes.BenchmarkRegressed : ErrorCodes.BenchmarkInconclusive;
            var named = failed.Length > 0 ? failed : unclear;
            await ThrowTerminatingAsync(ErrorRecords.From(
                new AgentOpsException(code, string.Join(" ", named.Select(reason => $"{reason.Target} {reason.Metric}: {reason.Reason}")), named[0].Target), null));
        }
    }
}
