using AgentOps.Simulation.Numerics;
using AgentOps.Simulation.Serving;

namespace AgentOps.Simulation.Results;

/// <summary>Each request's times after a run; <see cref="Summarize()"/> turns them into figures.</summary>
public sealed class SimulationOutcome
{
    private readonly Scenario _scenario;
    private readonly long[] _arrivals;
    private readonly RequestLog _log;
    private readonly IReadOnlyList<ReplicaStatistics> _statistics;
    private readonly long _blocks;
    private readonly int _refused;
    private readonly IReadOnlyList<TimeSeriesPoint>? _series;

    internal SimulationOutcome(
        Scenario scenario,
        long[] arrivals,
        RequestLog log,
        IReadOnlyList<ReplicaStatistics> statistics,
        long blocks,
        int refused,
        IReadOnlyList<TimeSeriesPoint>? series)
    {
        _scenario = scenario;
        _arrivals = arrivals;
        _log = log;
        _statistics = statistics;
        _blocks = blocks;
        _refused = refused;
        _series = series;
    }

    /// <summary>When each request left its client, in picoseconds.</summary>
    public ReadOnlySpan<long> Arrivals => _arrivals;

    /// <summary>When each request's first token came, in picoseconds; 0 for one that was refused.</summary>
    public ReadOnlySpan<long> FirstTokens => _log.FirstToken;

    /// <summary>When each request's last token came, in picoseconds; −1 for one that was refused.</summary>
    public ReadOnlySpan<long> Finished => _log.Finished;

    /// <summary>Replica time paid for under autoscaling, in picoseconds; null where all replicas always run.</summary>
    public long? PaidReplicaTime { get; internal init; }

    /// <summary>Largest number of replicas that ran or started at once.</summary>
    public int PeakReplicas { get; internal init; }

    /// <summary>KV blocks still held when everything had ended: 0, or a leak.</summary>
    public long BlocksHeld { get; internal init; }

    /// <summary>Figures over all answered requests.</summary>
    public SimulationResult Summarize() => Summarize(stage: null);

    /// <summary>Figures over the answered requests of one stage of the load; the replicas' own figures cover the whole run.</summary>
    /// <param name="stage">The stage, or null for all.</param>
    public SimulationResult Summarize(int? stage)
    {
        var requests = _scenario.Requests;
        var buffer = new long[requests.Count];
        var first = Select(stage, buffer, (request, log) => log.FirstToken[request] - _arrivals[request]);
        var end = Select(stage, buffer, (request, log) => log.Finished[request] - _arrivals[request]);
        var each = Select(stage, buffer, (request, log) => requests.OutputTokens[request] > 1
            ? (log.Finished[request] - log.FirstToken[request]) / (requests.OutputTokens[request] - 1)
            : -1);
        var queueing = Select(stage, buffer, (request, log) => log.Admitted[request] - log.Arrived[request]);

        long prompts = 0;
        long outputs = 0;
        var completed = 0;
        long begin = long.MaxValue;
        long finish = 0;
        long lastArrival = 0;
        for (var request = 0; request < requests.Count; request++)
        {
            if (!Counts(request, stage))
            {
                continue;
            }

            completed++;
            prompts += requests.PromptTokens[request];
            outputs += requests.OutputTokens[request];
            begin = Math.Min(begin, _arrivals[request]);
            lastArrival = Math.Max(lastArrival, _arrivals[request]);
            finish = Math.Max(finish, _log.Finished[request]);
        }

        var duration = completed > 0 ? finish - begin : 0;
        var busy = _statistics.Sum(replica => (double)replica.BusyTime);
        var prompted = Math.Max(1, _statistics.Sum(replica => replica.PromptTokens));
        return new SimulationResult
        {
            Completed = completed,
            PeakReplicas = PeakReplicas,
            ReplicaHours = PaidReplicaTime is { } paid ? SimulationTime.ToSeconds(paid) / 3600 : SimulationTime.ToSeconds(duration) / 3600 * _scenario.Replicas,
            Refused = stage is null ? _refused : 0,
            Duration = SimulationTime.ToTimeSpan(duration),
            TimeToFirstToken = first,
            TimePerOutputToken = each,
            EndToEnd = end,
            Queueing = queueing,
            PromptTokens = prompts,
            OutputTokens = outputs,
            PrefixHitRate = _statistics.Sum(replica => replica.CachedTokens) / (double)prompted,
            HostHitRate = _statistics.Sum(replica => replica.LoadedTokens) / (double)prompted,
            Preemptions = _statistics.Sum(replica => replica.Preemptions),
            MeanBatch = busy > 0 ? _statistics.Sum(replica => replica.BatchTime) / busy : 0,
            PeakBatch = _statistics.Max(replica => replica.PeakBatch),
            MeanKeyValueUse = busy > 0 ? _statistics.Sum(replica => replica.BlockTime) / busy / _blocks : 0,
            PeakKeyValueUse = _statistics.Max(replica => replica.PeakBlocks) / (double)_blocks,
            Utilization = duration > 0 ? Math.Min(1, busy / ((double)duration * _statistics.Count)) : 0,
            PromptTimeShare = busy > 0 ? _statistics.Sum(replica => (double)replica.PromptTime) / busy : 0,
            Steps = _statistics.Sum(replica => replica.Steps),
            KeyValueBlocks = _blocks,
            ComputedTokens = _statistics.Sum(replica => replica.ComputedTokens),
            Saturated = _scenario.Concurrency == 0 && IsSaturated(stage, begin, lastArrival),
            TimeSeries = _series is null ? null : OutputRate.Over(_series, _scenario.SampleEvery!.Value, _scenario.Requests.OutputTokens, _log),
        };
    }

    /// <summary>Requests that kept every limit; the largest number stands for no limit.</summary>
    /// <param name="firstToken">Limit on the time to the first token, in picoseconds.</param>
    /// <param name="perToken">Limit on the mean time of a further token, in picoseconds.</param>
    /// <param name="endToEnd">Limit on the whole answer, in picoseconds.</param>
    public int CountWithin(long firstToken, long perToken, long endToEnd)
    {
        var good = 0;
        for (var request = 0; request < _arrivals.Length; request++)
        {
            var tokens = _scenario.Requests.OutputTokens[request] - 1;
            if (_log.Finished[request] > 0
                && _log.FirstToken[request] - _arrivals[request] <= firstToken
                && _log.Finished[request] - _arrivals[request] <= endToEnd
                && (tokens == 0 || (_log.Finished[request] - _log.FirstToken[request]) / tokens <= perToken))
            {
                good++;
            }
        }

        return good;
    }

    private bool Counts(int request, int? stage) =>
        _log.Finished[request] > 0 && (stage is null || _scenario.Requests.Stages is null || _scenario.Requests.Stages[request] == stage);

    // The load outran the server at the end, or in some tenth of the run for so long that it counts as an outage.
    private bool IsSaturated(int? stage, long begin, long lastArrival) =>
        HasGrowingWaits(stage, begin, lastArrival) || HasLongQueue(stage, begin, lastArrival);

    // Some tenth of the run in which requests stood in the queue longer, on average, than they were then served, and over a second.
    private bool HasLongQueue(int? stage, long begin, long lastArrival)
    {
        const int Parts = 10;
        const double Second = 1e12;
        Span<double> queued = stackalloc double[Parts];
        Span<double> served = stackalloc double[Parts];
        Span<int> counts = stackalloc int[Parts];
        var length = Math.Max(1, (lastArrival - begin) / Parts);
        for (var request = 0; request < _arrivals.Length; request++)
        {
            if (Counts(request, stage))
            {
                var part = (int)Math.Clamp((_arrivals[request] - begin) / length, 0, Parts - 1);
                queued[part] += _log.Admitted[request] - _arrivals[request];
                served[part] += _log.Finished[request] - _log.Admitted[request];
                counts[part]++;
            }
        }

        for (var part = 0; part < Parts; part++)
        {
            if (queued[part] > served[part] && queued[part] > Second * counts[part])
            {
                return true;
            }
        }

        return false;
    }

    // Waits that grow along the run: the last quarter's mean wait beyond twice the first half's and a quarter of a mean answer.
    private bool HasGrowingWaits(int? stage, long begin, long lastArrival)
    {
        double early = 0, late = 0, service = 0;
        int earlyCount = 0, lateCount = 0;
        var half = begin + ((lastArrival - begin) / 2);
        var last = lastArrival - ((lastArrival - begin) / 4);
        for (var request = 0; request < _arrivals.Length; request++)
        {
            if (!Counts(request, stage))
            {
                continue;
            }

            var wait = _log.FirstToken[request] - _arrivals[request];
            if (_arrivals[request] >= last)
            {
                late += wait;
                lateCount++;
                service += _log.Finished[request] - _log.FirstToken[request];
            }
            else if (_arrivals[request] < half)
            {
                early += wait;
                earlyCount++;
            }
        }

        return earlyCount > 0 && lateCount > 0
            && late / lateCount > 2 * (early / earlyCount)
            && late / lateCount > 0.25 * (service / lateCount);
    }

    private Distribution Select(int? stage, long[] buffer, Func<int, RequestLog, long> value)
    {
        var count = 0;
        for (var request = 0; request < buffer.Length; request++)
        {
            if (Counts(request, stage) && value(request, _log) is >= 0 and var time)
            {
                buffer[count++] = time;
            }
        }

        return Distribution.Of(buffer.AsSpan(0, count));
    }
}
