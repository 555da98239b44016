using AgentOps.Simulation.Serving;

namespace AgentOps.Engine.Providers.Simulated;

/// <summary>
/// The accelerator that the calls of a simulated model share: the simulation's replica, driven by a clock. Calls in flight are
/// batched as the simulator says, so that latencies grow with the load. Safe for any number of threads.
/// </summary>
public sealed class SimulatedEngine : IDisposable
{
    private const long PicosecondsPerTick = 100_000;

    // A replica counts picoseconds in 64 bits, which end after 106 days: an idle one begins anew now and then.
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly string _provider;
    private readonly ServingOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _resolution;
    private readonly ITimer _timer;
    private readonly List<EngineTicket> _tickets = [];
    private OnlineReplica _replica;
    private long _origin;

    /// <summary>Makes an engine.</summary>
    /// <param name="provider">The provider's name, for what it refuses.</param>
    /// <param name="options">What it pretends to be.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <exception cref="Errors.AgentOpsException">The model or the accelerator is unknown, or the one does not fit on the other.</exception>
    public SimulatedEngine(string provider, ServingOptions options, TimeProvider timeProvider)
    {
        _provider = provider;
        _options = options;
        _timeProvider = timeProvider;

        // The system's timers count whole milliseconds: one that is asked for less fires early, and again and again.
        _resolution = ReferenceEquals(timeProvider, TimeProvider.System) ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromTicks(1);
        _replica = options.Build();
        _origin = timeProvider.GetTimestamp();
        _timer = timeProvider.CreateTimer(static state => ((SimulatedEngine)state!).Pass(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The most tokens that a prompt and its answer may have together.</summary>
    public long LargestRequest => _replica.LargestRequest;

    /// <summary>Hands a call over.</summary>
    /// <param name="promptTokens">Tokens of its prompt.</param>
    /// <param name="outputTokens">Tokens of its answer.</param>
    /// <returns>What the call waits on; to be disposed, which makes room where the call is not at its end.</returns>
    /// <exception cref="ProviderFaultException">It is too long, or too many wait.</exception>
    public EngineTicket Submit(long promptTokens, long outputTokens)
    {
        lock (_gate)
        {
            if (promptTokens + outputTokens > _replica.LargestRequest)
            {
                var why = $"The prompt of {promptTokens} tokens and the answer of {outputTokens} are longer than the {_replica.LargestRequest} tokens that fit.";
                throw new ProviderFaultException(new ProviderFault(FaultKind.ContextTooLong, _provider, why) { Status = 400 });
            }

            if (_replica.IsFull)
            {
                throw new ProviderFaultException(new ProviderFault(FaultKind.Overloaded, _provider, "Too many requests wait.") { Status = 503 });
            }

            Renew();
            var now = Now();
            _replica.Advance(now);
            var ticket = new EngineTicket(this, _replica.Submit(now, (int)Math.Max(1, promptTokens), (int)Math.Max(1, outputTokens)));
            _tickets.Add(ticket);
            Wind();
            return ticket;
        }
    }

    /// <summary>Stops the clock; calls that wait are not answered any more.</summary>
    public void Dispose() => _timer.Dispose();

    internal Task EmittedAsync(EngineTicket ticket, int tokens)
    {
        lock (_gate)
        {
            return ticket.Await(tokens, _replica.Emitted(ticket.Request));
        }
    }

    internal void Release(EngineTicket ticket)
    {
        lock (_gate)
        {
            if (_tickets.Remove(ticket))
            {
                _replica.Release(ticket.Request);
            }
        }
    }

    private long Now() => _timeProvider.GetElapsedTime(_origin).Ticks * PicosecondsPerTick;

    private void Pass()
    {
        lock (_gate)
        {
            _replica.Advance(Now());
            foreach (var ticket in _tickets)
            {
                ticket.Tell(_replica.Emitted(ticket.Request));
            }

            Wind();
        }
    }

    private void Wind()
    {
        if (_replica.NextEvent == long.MaxValue)
        {
            return;
        }

        var ticks = (_replica.NextEvent - Now() + PicosecondsPerTick - 1) / PicosecondsPerTick;
        var steps = Math.Max(0, (ticks + _resolution.Ticks - 1) / _resolution.Ticks);
        _timer.Change(TimeSpan.FromTicks(steps * _resolution.Ticks), Timeout.InfiniteTimeSpan);
    }

    private void Renew()
    {
        if (_replica.InFlight == 0 && _timeProvider.GetElapsedTime(_origin) > LongestRun)
        {
            _replica = _options.Build();
            _origin = _timeProvider.GetTimestamp();
        }
    }
}
