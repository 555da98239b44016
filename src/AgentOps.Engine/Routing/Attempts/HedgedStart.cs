using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>
/// Begins a call, and a second one at another target when the first's first token is late. Whoever speaks first goes on; the
/// other is cancelled, and what it cost is kept.
/// </summary>
internal static class HedgedStart
{
    /// <summary>What came of it: the call that goes on with its first event, and the calls that ended.</summary>
    internal readonly record struct Result(TargetCall Call, ModelEvent? First, IReadOnlyList<RouteAttempt> Ended);

    public static async ValueTask<Result> RunAsync(
        TargetCall primary, Func<TargetCall> startSecond, TimeSpan after, HedgeBudget budget, TimeProvider timeProvider, CancellationToken ct)
    {
        var first = primary.NextAsync().AsTask();
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(ct))
        {
            var late = await Task.WhenAny(first, Task.Delay(after, timeProvider, stop.Token)).ConfigureAwait(false) != first;
            await stop.CancelAsync().ConfigureAwait(false);
            if (!late || ct.IsCancellationRequested || !budget.TryTake())
            {
                return new Result(primary, await first.ConfigureAwait(false), []);
            }
        }

        var secondary = startSecond();
        var second = secondary.NextAsync().AsTask();
        var secondWins = await Task.WhenAny(first, second).ConfigureAwait(false) == second;
        var winner = secondWins ? second : first;
        if (await winner.ConfigureAwait(false) is null && (secondWins ? secondary : primary).Fault is not null)
        {
            // The faster one failed: the other may still answer.
            secondWins = !secondWins;
            winner = secondWins ? second : first;
            await winner.ConfigureAwait(false);
        }

        var (kept, lost, lostTask) = secondWins ? (secondary, primary, first) : (primary, secondary, second);
        lost.Abandon();
        await lostTask.ConfigureAwait(false);
        await lost.DisposeAsync().ConfigureAwait(false);
        return new Result(kept, await winner.ConfigureAwait(false), [lost.End()]);
    }
}
