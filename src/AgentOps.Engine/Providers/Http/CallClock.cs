namespace AgentOps.Engine.Providers.Http;

/// <summary>The time-outs of one call: a total one, and an idle one that every arrival of data winds up again.</summary>
internal sealed class CallClock : IDisposable
{
    private readonly ProviderTimeouts _timeouts;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;
    private readonly TimeProvider _timeProvider;
    private readonly long _started;

    public CallClock(ProviderTimeouts timeouts, TimeProvider timeProvider, CancellationToken caller)
    {
        _timeouts = timeouts;
        _timeProvider = timeProvider;
        _caller = caller;
        _started = timeProvider.GetTimestamp();
        _source = new CancellationTokenSource(timeouts.Idle < timeouts.Total ? timeouts.Idle : timeouts.Total, timeProvider);
        _registration = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
    }

    /// <summary>Cancelled by the caller or by a time-out.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Something arrived: the idle time begins anew, within what is left of the total.</summary>
    public void Wind()
    {
        var left = _timeouts.Total - _timeProvider.GetElapsedTime(_started);
        if (left > TimeSpan.Zero)
        {
            _source.CancelAfter(_timeouts.Idle < left ? _timeouts.Idle : left);
        }
    }

    /// <summary>Why the token was cancelled, when it was not by the caller.</summary>
    public string? TimedOut()
    {
        if (!_source.IsCancellationRequested || _caller.IsCancellationRequested)
        {
            return null;
        }

        return _timeProvider.GetElapsedTime(_started) >= _timeouts.Total
            ? $"The call took longer than {_timeouts.Total.TotalSeconds:0.#} s."
            : $"Nothing came for {_timeouts.Idle.TotalSeconds:0.#} s.";
    }

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
