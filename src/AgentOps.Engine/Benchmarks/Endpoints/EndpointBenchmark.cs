using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>Measures targets under one load, interleaved. Every call that is made ends as a sample.</summary>
public sealed class EndpointBenchmark
{
    private const int LargestWarmUp = 32;
    private const int WarmUpTokens = 16;

    private readonly IReadOnlyList<EndpointTarget> _targets;
    private readonly EndpointLoad _load;
    private readonly TimeProvider _time;

    /// <summary>Makes a benchmark.</summary>
    /// <param name="targets">At least one; names differ.</param>
    /// <param name="load">The load.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <exception cref="AgentOpsException"><c>BenchmarkInvalid</c>.</exception>
    public EndpointBenchmark(IReadOnlyList<EndpointTarget> targets, EndpointLoad load, TimeProvider? time = null)
    {
        load.Require();
        if (targets.Count == 0 || targets.DistinctBy(target => target.Name, StringComparer.OrdinalIgnoreCase).Count() != targets.Count)
        {
            throw new AgentOpsException(ErrorCodes.BenchmarkInvalid, "The benchmark can't run: it needs targets, each of its own name.");
        }

        (_targets, _load, _time) = (targets, load, time ?? TimeProvider.System);
    }

    /// <summary>Calls of all targets that will be measured, questions included.</summary>
    public int PlannedCalls => _targets.Count * (_load.Calls + _load.Questions);

    /// <summary>Runs: a cold call and the warm-up of each target, then the load.</summary>
    /// <param name="done">Samples of the same load that are known already: those calls are not made again.</param>
    /// <param name="ct">Gives up what runs; samples given so far stay valid.</param>
    /// <exception cref="AgentOpsException">A target refuses the first call as such: credential, model or request.</exception>
    public async IAsyncEnumerable<CallSample> RunAsync(IReadOnlyCollection<CallSample> done, [EnumeratorCancellation] CancellationToken ct)
    {
        var known = done.Where(sample => sample.Phase is CallPhase.Measured or CallPhase.Question)
            .Select(sample => (sample.Target, sample.Phase, sample.Index)).ToHashSet();
        var left = CallPlan.Make(_targets.Count, _load)
            .Where(call => !known.Contains((_targets[call.Target].Name, call.Phase, call.Index))).ToArray();
        if (left.Length == 0)
        {
            yield break;
        }

        // What was not taken out of the plan is called until the enumeration ends, in whatever way.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var samples = Channel.CreateUnbounded<CallSample>(new UnboundedChannelOptions { SingleReader = true });
        var running = ProduceAsync(left, samples.Writer, stop.Token);
        try
        {
            await foreach (var sample in samples.Reader.ReadAllAsync(ct).ConfigureAwait(false))
            {
                yield return sample;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ProduceAsync(IReadOnlyList<PlannedCall> plan, ChannelWriter<CallSample> samples, CancellationToken ct)
    {
        try
        {
            await Task.WhenAll(_targets.Select((target, place) => WarmUpAsync(target, place, samples, ct))).ConfigureAwait(false);
            await (_load.Kind == LoadKind.Open ? OpenAsync(plan, samples, ct) : ClosedAsync(plan, samples, ct)).ConfigureAwait(false);
            samples.Complete();
        }
        catch (Exception exception)
        {
            samples.Complete(exception);
        }
    }

    /// <summary>The cold call, then as many calls at once as the load will need connections, so that none is opened while it is measured.</summary>
    private async Task WarmUpAsync(EndpointTarget target, int place, ChannelWriter<CallSample> samples, CancellationToken ct)
    {
        var zero = _time.GetTimestamp();
        var cold = await CallAsync(CallPhase.Cold, 0, _load.MaxOutputTokens).ConfigureAwait(false);
        if (cold.Error == CallError.Refused)
        {
            throw new AgentOpsException(ErrorCodes.BenchmarkTargetRefused, $"'{target.Name}' refuses the first call: {cold.Detail}", target.Name);
        }

        var connections = _load.Kind == LoadKind.Closed
            ? _load.Concurrency
            : (int)Math.Clamp(Math.Ceiling(2 * _load.RequestRate * cold.EndToEnd), 1, LargestWarmUp);
        for (var round = 0; round < _load.WarmUpCalls; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, connections).Select(connection =>
                CallAsync(CallPhase.WarmUp, (round * connections) + connection, Math.Min(WarmUpTokens, _load.MaxOutputTokens)))).ConfigureAwait(false);
        }

        async Task<CallSample> CallAsync(CallPhase phase, int index, int tokens)
        {
            var call = new PlannedCall(place, phase, index, 0, 0, _load.Prompts[index % _load.Prompts.Count], null);
            var sample = await EndpointCall.RunAsync(target, call, tokens, zero, null, _time, ct).ConfigureAwait(false);
            await samples.WriteAsync(sample, ct).ConfigureAwait(false);
            return sample;
        }
    }

    private async Task OpenAsync(IReadOnlyList<PlannedCall> plan, ChannelWriter<CallSample> samples, CancellationToken ct)
    {
        // A run that goes on starts with the next call that is due.
        var lead = TimeSpan.FromMilliseconds(20).TotalSeconds;
        var zero = _time.GetTimestamp() + Ticks(lead - plan[0].Due);
        var running = new List<Task>(plan.Count);
        await StartTimer.RunAsync(
            plan,
            call => zero + Ticks(call.Due),
            call => running.Add(RunAsync(call, zero, zero + Ticks(call.Due), samples, ct)),
            _time,
            ct).ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task ClosedAsync(IReadOnlyList<PlannedCall> plan, ChannelWriter<CallSample> samples, CancellationToken ct)
    {
        var zero = _time.GetTimestamp();
        var callers = plan.GroupBy(call => call.Target).SelectMany(calls =>
        {
            var queue = new System.Collections.Concurrent.ConcurrentQueue<PlannedCall>(calls);
            return Enumerable.Range(0, _load.Concurrency).Select(async _ =>
            {
                while (queue.TryDequeue(out var call))
                {
                    await RunAsync(call, zero, null, samples, ct).ConfigureAwait(false);
                }
            });
        });
        await Task.WhenAll(callers.ToArray()).ConfigureAwait(false);
    }

    private async Task RunAsync(PlannedCall call, long zero, long? intended, ChannelWriter<CallSample> samples, CancellationToken ct)
    {
        var tokens = call.Phase == CallPhase.Question ? Math.Max(_load.MaxOutputTokens, Drift.DriftQuestions.AnswerTokens) : _load.MaxOutputTokens;
        var sample = await EndpointCall.RunAsync(_targets[call.Target], call, tokens, zero, intended, _time, ct).ConfigureAwait(false);
        await samples.WriteAsync(sample, ct).ConfigureAwait(false);
    }

    private long Ticks(double seconds) => (long)(seconds * _time.TimestampFrequency);
}
