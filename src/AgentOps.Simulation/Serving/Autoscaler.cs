namespace AgentOps.Simulation.Serving;

/// <summary>Keeps which replicas may be given requests, and for how long each was paid for.</summary>
internal sealed class Autoscaler
{
    private readonly AutoscaleOptions _options;
    private readonly long _delay;
    private readonly long[] _readyAt;
    private readonly long[] _startedAt;
    private long _paid;
    private int _started;

    public Autoscaler(AutoscaleOptions options, int most)
    {
        _options = options;
        _delay = options.StartDelay.Ticks * 100_000;
        _readyAt = new long[most];
        _startedAt = new long[most];
        _started = Math.Clamp(options.Minimum, 1, most);
        Peak = _started;
    }

    /// <summary>The largest number of replicas that ran or started at once.</summary>
    public int Peak { get; private set; }

    /// <summary>Replicas that take requests at a time: the first so many.</summary>
    public int Ready(long time)
    {
        var ready = 0;
        while (ready < _started && _readyAt[ready] <= time)
        {
            ready++;
        }

        return Math.Max(1, ready);
    }

    /// <summary>Decides, when a request arrives, whether one starts or stops.</summary>
    public void Decide(long time, IReadOnlyList<Replica> replicas)
    {
        long load = 0;
        for (var i = 0; i < _started; i++)
        {
            load += replicas[i].Load;
        }

        if (load > _options.TargetLoad * _started && _started < replicas.Count && _readyAt[_started - 1] <= time)
        {
            _startedAt[_started] = time;
            _readyAt[_started++] = time + _delay;
            Peak = Math.Max(Peak, _started);
        }
        else if (_started > _options.Minimum && replicas[_started - 1].Idle && load < 0.5 * _options.TargetLoad * (_started - 1))
        {
            _started--;
            _paid += time - _startedAt[_started];
        }
    }

    /// <summary>Replica time paid for until the end, in picoseconds.</summary>
    public long PaidUntil(long end)
    {
        var paid = _paid;
        for (var i = 0; i < _started; i++)
        {
            paid += end - _startedAt[i];
        }

        return paid;
    }
}
