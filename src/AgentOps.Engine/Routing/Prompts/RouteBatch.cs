using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Routing;

/// <summary>Many prompts down a pipeline: as many at once as the providers bear, answers as they come.</summary>
public static class RouteBatch
{
    /// <summary>
    /// Calls the route for each request. One failed call doesn't end the others. Whoever stops listening stops all, and waits
    /// until what ran has ended.
    /// </summary>
    /// <param name="router">The router.</param>
    /// <param name="requests">Read no faster than places become free; what it throws ends all and comes out after the answers.</param>
    /// <param name="concurrency">How many run at once; null: a new one that starts low.</param>
    /// <param name="settle">Books an answer before it is given and while the call still holds its place; what it throws ends all. Null: nothing is booked.</param>
    /// <param name="ct">Stops all: what runs ends with an estimate, what waits is not begun.</param>
    public static async IAsyncEnumerable<RouteBatchAnswer> InvokeAsync(
        Router router,
        IAsyncEnumerable<RouteRequest> requests,
        AdaptiveConcurrency? concurrency,
        Func<RouteBatchAnswer, ValueTask>? settle,
        [EnumeratorCancellation] CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var answers = Channel.CreateUnbounded<RouteBatchAnswer>(new UnboundedChannelOptions { SingleReader = true });
        var run = new Run(router, concurrency ?? new AdaptiveConcurrency(), settle, answers.Writer, stop);
        var pump = PumpAsync(run, requests);
        try
        {
            await foreach (var answer in answers.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return answer;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await pump.ConfigureAwait(false);
        }
    }

    private static async Task PumpAsync(Run run, IAsyncEnumerable<RouteRequest> requests)
    {
        var running = new List<Task>();
        Exception? failure = null;
        try
        {
            var index = 0;
            await foreach (var request in requests.WithCancellation(run.Stop.Token).ConfigureAwait(false))
            {
                await run.Limit.EnterAsync(run.Stop.Token).ConfigureAwait(false);
                running.RemoveAll(static task => task.IsCompletedSuccessfully);
                running.Add(CallAsync(run, request, index++));
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        try
        {
            await Task.WhenAll(running).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Why the others were stopped says more than that they were.
            failure = exception;
        }

        run.Answers.Complete(failure);
    }

    private static async Task CallAsync(Run run, RouteRequest request, int index)
    {
        var tally = new RouteTally(request, index);
        try
        {
            var answer = tally.ToAnswer(await RunAsync(run, request, tally).ConfigureAwait(false));
            if (run.Settle is { } settle)
            {
                await settle(answer).ConfigureAwait(false);
            }

            run.Answers.TryWrite(answer);
        }
        catch
        {
            await run.Stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            run.Limit.Leave(tally.FirstToken, tally.WasTooMuch);
        }
    }

    /// <summary>Makes the call; the error where it failed.</summary>
    private static async Task<AgentOpsException?> RunAsync(Run run, RouteRequest request, RouteTally tally)
    {
        try
        {
            await foreach (var item in run.Router.InvokeAsync(request, run.Stop.Token).ConfigureAwait(false))
            {
                tally.Add(item);
            }

            return null;
        }
        catch (AgentOpsException exception)
        {
            return exception;
        }
        catch (OperationCanceledException exception)
        {
            return new AgentOpsException(ErrorCodes.OperationStopped, "The call was stopped.", innerException: exception);
        }
    }

    private sealed record Run(
        Router Router, AdaptiveConcurrency Limit, Func<RouteBatchAnswer, ValueTask>? Settle, ChannelWriter<RouteBatchAnswer> Answers, CancellationTokenSource Stop);
}
