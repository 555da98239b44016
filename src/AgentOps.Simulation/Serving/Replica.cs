using AgentOps.Simulation.Latency;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation.Serving;

/// <summary>
/// One server: an engine loop that composes a step at each boundary (running sequences first, then waiting ones within
/// the token budget) and advances by as many equal-shaped steps at once as nothing can change.
/// </summary>
internal sealed partial class Replica
{
    private readonly RequestSet _requests;
    private readonly RequestLog _log;
    private readonly StepCostModel _cost;
    private readonly SchedulerOptions _options;
    private readonly BlockPool _pool;
    private readonly WaitingQueue _ready;
    private readonly double _hostSecondsPerToken;
    private readonly bool _exact;

    // Requests that have arrived but that no boundary has seen yet, in order of arrival.
    private int[] _incoming = new int[64];
    private int _incomingStart;
    private int _incomingCount;

    private long _previousStart;

    public Replica(RequestSet requests, RequestLog log, StepCostModel cost, SchedulerOptions options, long blocks, double hostSecondsPerToken)
    {
        _requests = requests;
        _log = log;
        _cost = cost;
        _options = options;
        _exact = options.ExactStepping || options.SpeculativeTokens > 0;
        _hostSecondsPerToken = hostSecondsPerToken;
        _pool = new BlockPool(blocks, options.BlockSize, options.PrefixCaching ? requests.Prefixes : null, options.HostBlocks);
        _ready = new WaitingQueue(options.Order);
        _running = new RunningSet(options.MaximumSequences, options.BlockSize, cost.Window, options);
    }

    /// <summary>The boundary that the replica stands at, in picoseconds.</summary>
    public long Clock { get; private set; }

    /// <summary>Sums so far.</summary>
    public ReplicaStatistics Statistics { get; } = new();

    /// <summary>Whether nothing runs and nothing waits.</summary>
    public bool Idle => _running.Count == 0 && _prefillCount == 0 && Waiting == 0;

    /// <summary>Requests that wait.</summary>
    public int Waiting => _incomingCount + _ready.Count;

    /// <summary>Requests that wait or run: what a router compares.</summary>
    public int Load => Waiting + _running.Count + _prefillCount;

    /// <summary>KV blocks that no request holds.</summary>
    public long FreeBlocks => _pool.Free;

    /// <summary>KV blocks in all.</summary>
    public long TotalBlocks => _pool.Total;

    /// <summary>Requests that ended since this was last emptied; kept only with <see cref="KeepsCompletions"/>.</summary>
    public List<int> Completions { get; } = [];

    /// <summary>Whether ends are reported, because something follows them.</summary>
    public bool KeepsCompletions { get; init; }

    /// <summary>What it does.</summary>
    public ReplicaRole Role { get; init; }

    /// <summary>Receives the state after each advance, for a time series; null costs nothing.</summary>
    public TimeSeriesRecorder? Recorder { get; init; }

    /// <summary>Tokens of a request's beginning that this replica has cached: what a prefix-aware router asks.</summary>
    public int CachedTokens(int request) => _requests.PrefixLeaves is { } leaves ? _pool.CachedTokens(leaves[request]) : 0;

    /// <summary>Hands a request over at the time it arrives. The replica must have been advanced to that time.</summary>
    public void Enqueue(int request, long arrival)
    {
        if (_incomingCount == _incoming.Length)
        {
            var larger = new int[_incoming.Length * 2];
            for (var i = 0; i < _incomingCount; i++)
            {
                larger[i] = _incoming[(_incomingStart + i) & (_incoming.Length - 1)];
            }

            _incoming = larger;
            _incomingStart = 0;
        }

        if (Idle && Clock < arrival)
        {
            // An idle engine takes a request at once.
            Clock = arrival;
            _previousStart = arrival;
        }

        _log.Arrived[request] = arrival;
        _incoming[(_incomingStart + _incomingCount) & (_incoming.Length - 1)] = request;
        _incomingCount++;
    }

    /// <summary>
    /// Runs until the first boundary at or after <paramref name="limit"/>, until everything is done, or, when ends are
    /// reported, until the first boundary at which a request ended.
    /// </summary>
    public void Advance(long limit, CancellationToken cancellationToken)
    {
        var rounds = 0;
        while (Clock < limit && !Idle)
        {
            if ((++rounds & 0xFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (_running.Count == 0 && _prefillCount == 0)
            {
                _previousStart = Clock;
                if (!BatchMayStart(limit))
                {
                    return;
                }
            }

            Absorb();
            Compose();
            if (_chunkSequences > 0)
            {
                StepWithPrompts();
            }
            else
            {
                Decode(limit);
            }

            Recorder?.Record(this);
            if (KeepsCompletions && Completions.Count > 0)
            {
                return;
            }
        }
    }

    /// <summary>Fills a point of a time series.</summary>
    public (int Running, int Waiting, long UsedBlocks) Snapshot() => (_running.Count + _prefillCount, Waiting, _pool.Total - _pool.Free);

    // Moves the requests that this boundary can see into the scheduler's order.
    private void Absorb()
    {
        var horizon = _options.AsynchronousScheduling ? _previousStart : Clock;
        while (_incomingCount > 0)
        {
            var request = _incoming[_incomingStart];
            if (_log.Arrived[request] > horizon)
            {
                return;
            }

            _incomingStart = (_incomingStart + 1) & (_incoming.Length - 1);
            _incomingCount--;
            _ready.Add(request, QueueKey(request));
        }
    }

    private long QueueKey(int request) => _options.Order switch
    {
        QueueOrder.Priority => -(long)(_requests.Priorities?[request] ?? 0),
        QueueOrder.ShortestJob => (long)_requests.PromptTokens[request] + _requests.OutputTokens[request],
        _ => 0,
    };

    // Static and dynamic batching: nothing starts before the batch is full, or the wait is over, or nobody else can come.
    private bool BatchMayStart(long limit)
    {
        if (_options.Batching == BatchingKind.Continuous || Waiting >= _options.BatchSize)
        {
            return true;
        }

        if (_options.Batching == BatchingKind.Dynamic)
        {
            var oldest = _ready.Count > 0 ? _log.Arrived[_ready.Peek()] : _log.Arrived[_incoming[_incomingStart]];
            var due = oldest + (_options.BatchTimeout.Ticks * 100_000);
            if (due <= Clock)
            {
                return true;
            }

            Clock = Math.Min(due, limit);
            _previousStart = Clock;
            return Clock == due && Clock < limit;
        }

        if (limit != long.MaxValue)
        {
            Clock = limit;
            _previousStart = Clock;
            return false;
        }

        return true;
    }
}
