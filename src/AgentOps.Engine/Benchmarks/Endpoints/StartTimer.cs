using System.Runtime.InteropServices;

namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>
/// Starts things at their time, on a thread of its own: timers of the thread pool are a millisecond or more late. The last part of
/// each wait is spent awake.
/// </summary>
internal static class StartTimer
{
    private static readonly TimeSpan Awake = TimeSpan.FromMilliseconds(1.2);

    /// <summary>Runs each start at its time, in the order given; ends when all are started, or when cancelled.</summary>
    /// <param name="items">The starts, ascending.</param>
    /// <param name="due">A start's time, a timestamp of <paramref name="time"/>.</param>
    /// <param name="start">Must not block.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Ends it.</param>
    public static Task RunAsync<T>(IReadOnlyList<T> items, Func<T, long> due, Action<T> start, TimeProvider time, CancellationToken ct)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                foreach (var item in items)
                {
                    Wait(due(item), time, ct);
                    start(item);
                }

                end.SetResult();
            }
            catch (OperationCanceledException)
            {
                end.SetCanceled(ct);
            }
            catch (Exception exception)
            {
                end.SetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = "AgentOps benchmark",
        };
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            thread.Priority = ThreadPriority.AboveNormal;
        }

        thread.Start();
        return end.Task;
    }

    private static void Wait(long due, TimeProvider time, CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var left = time.GetElapsedTime(time.GetTimestamp(), due);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            if (left > Awake)
            {
                ct.WaitHandle.WaitOne(left - Awake < TimeSpan.FromMinutes(1) ? left - Awake : TimeSpan.FromMinutes(1));
            }
            else
            {
                Thread.Yield();
            }
        }
    }
}
