namespace AgentOps.Engine.Routing;

/// <summary>
/// How many calls may run at once when many prompts come down a pipeline: one more after each round without trouble, half as
/// many when a provider says too much, or when latency doubles against the best seen.
/// </summary>
public sealed class AdaptiveConcurrency
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private readonly int _maximum;
    private double _limit;
    private int _running;
    private double _best = double.MaxValue;

    /// <summary>Starts low.</summary>
    /// <param name="initial">Calls at first.</param>
    /// <param name="maximum">Calls at most.</param>
    public AdaptiveConcurrency(int initial = 4, int maximum = 256)
    {
        _limit = initial;
        _maximum = maximum;
    }

    /// <summary>Calls that may run at once now.</summary>
    public int Limit
    {
        get
        {
            lock (_gate)
            {
                return (int)_limit;
            }
        }
    }

    /// <summary>Waits for a place; each must be given back with <see cref="Leave"/>.</summary>
    public Task EnterAsync(CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return Task.FromCanceled(ct);
        }

        TaskCompletionSource place;
        lock (_gate)
        {
            if (_running < (int)_limit)
            {
                _running++;
                return Task.CompletedTask;
            }

            place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(place);
        }

        return ct.CanBeCanceled ? WaitAsync(place, ct) : place.Task;
    }

    /// <summary>Gives a place back and learns from how the call went.</summary>
    /// <param name="latency">To the first token; null when none came.</param>
    /// <param name="tooMuch">The provider asked to slow down.</param>
    public void Leave(TimeSpan? latency, bool tooMuch)
    {
        lock (_gate)
        {
            _running--;
            var slow = false;
            if (latency is { } time)
            {
                // The best drifts up slowly, so that one lucky call long ago doesn't hold the limit down for ever.
                _best = Math.Min(_best * 1.001, Math.Max(1, time.TotalMilliseconds));
                slow = time.TotalMilliseconds > (2 * _best) + 50;
            }

            _limit = tooMuch ? Math.Max(1, _limit / 2) : slow ? Math.Max(1, _limit * 0.95) : Math.Min(_maximum, _limit + (1 / _limit));
            while (_running < (int)_limit && _waiting.TryDequeue(out var next))
            {
                if (next.TrySetResult())
                {
                    _running++;
                }
            }
        }
    }

    private static async Task WaitAsync(TaskCompletionSource place, CancellationToken ct)
    {
        using var registration = ct.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), place);
        await place.Task.ConfigureAwait(false);
    }
}
