namespace AgentOps.Engine.Routing;

/// <summary>
/// How many calls may run at once when many prompts come down a pipeline: one more after each round without trouble, half as
/// many when a provider says too much, or when latency doubles against the best seen.
/// </summary>
public sealed class AdaptiveConcurrency
{
    private readonly Lock gate = new();
    private readonly Queue<TaskCompletionSource> waiting = new();
    private readonly int maximum;
    private double limit;
    private int running;
    private double best = double.MaxValue;

    /// <summary>Starts low.</summary>
    /// <param name="initial">Calls at first.</param>
    /// <param name="maximum">Calls at most.</param>
    public AdaptiveConcurrency(int initial = 4, int maximum = 256)
    {
        limit = initial;
        this.maximum = maximum;
    }

    /// <summary>Calls that may run at once now.</summary>
    public int Limit
    {
        get
        {
            lock (gate)
            {
                return (int)limit;
            }
        }
    }

    /// <summary>Waits for a place; each must be given back with <see cref="Leave"/>.</summary>
    public Task EnterAsync(CancellationToken ct)
    {
        TaskCompletionSource place;
        lock (gate)
        {
            if (running < (int)limit)
            {
                running++;
                return Task.CompletedTask;
            }

            place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(place);
        }

        return ct.CanBeCanceled ? WaitAsync(place, ct) : place.Task;
    }

    /// <summary>Gives a place back and learns from how the call went.</summary>
    /// <param name="latency">To the first token; null when none came.</param>
    /// <param name="tooMuch">The provider asked to slow down.</param>
    public void Leave(TimeSpan? latency, bool tooMuch)
    {
        lock (gate)
        {
            running--;
            var slow = false;
            if (latency is { } time)
            {
                // The best drifts up slowly, so that one lucky call long ago doesn't hold the limit down for ever.
                best = Math.Min(best * 1.001, Math.Max(1, time.TotalMilliseconds));
                slow = time.TotalMilliseconds > (2 * best) + 50;
            }

            limit = tooMuch ? Math.Max(1, limit / 2) : slow ? Math.Max(1, limit * 0.95) : Math.Min(maximum, limit + (1 / limit));
            while (running < (int)limit && waiting.TryDequeue(out var next))
            {
                if (next.TrySetResult())
                {
                    running++;
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
