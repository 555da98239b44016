namespace AgentOps.Engine.Providers.Http;

/// <summary>The time-outs of one call: a total one, and an idle one that every arrival of data winds up again.</summary>
internal sealed class CallClock : IDisposable
{
    private readonly ProviderTimeouts timeouts;
    private readonly CancellationToken caller;
    private readonly CancellationTokenSource source;
    private readonly CancellationTokenRegistration registration;
    private readonly TimeProvider timeProvider;
    private readonly long started;

    public CallClock(ProviderTimeouts timeouts, TimeProvider timeProvider, CancellationToken caller)
    {
        this.timeouts = timeouts;
        this.timeProvider = timeProvider;
        this.caller = caller;
        started = timeProvider.GetTimestamp();
        source = new CancellationTokenSource(timeouts.Idle < timeouts.Total ? timeouts.Idle : timeouts.Total, timeProvider);
        registration = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
    }

    /// <summary>Cancelled by the caller or by a time-out.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Something arrived: the idle time begins anew, within what is left of the total.</summary>
    public void Wind()
    {
        var left = timeouts.Total - timeProvider.GetElapsedTime(started);
        if (left > TimeSpan.Zero)
        {
            source.CancelAfter(timeouts.Idle < left ? timeouts.Idle : left);
        }
    }

    /// <summary>Why the token was cancelled, when it was not by the caller.</summary>
    public string? TimedOut()
    {
        if (!source.IsCancellationRequested || caller.IsCancellationRequested)
        {
            return null;
        }

        return timeProvider.GetElapsedTime(started) >= timeouts.Total
            ? $"The call took longer than {timeouts.Total.TotalSeconds:0.#} s."
            : $"Nothing came for {timeouts.Idle.TotalSeconds:0.#} s.";
    }

    public void Dispose()
    {
        registration.Dispose();
        source.Dispose();
    }
}
