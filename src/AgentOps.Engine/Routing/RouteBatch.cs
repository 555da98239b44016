using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Routing;

/// <summary>Many prompts down a pipeline: as many at once as the providers bear, answers as they come.</summary>
public static class RouteBatch
{
    /// <summary>Calls the route for each request. One failed call doesn't end the others.</summary>
    /// <param name="router">The router.</param>
    /// <param name="requests">Read no faster than places become free.</param>
    /// <param name="concurrency">How many run at once; null: a new one that starts low.</param>
    /// <param name="ct">Stops all: what runs ends with an estimate, what waits is not begun.</param>
    public static async IAsyncEnumerable<RouteBatchAnswer> InvokeAsync(
        Router router, IAsyncEnumerable<RouteRequest> requests, AdaptiveConcurrency? concurrency, [EnumeratorCancellation] CancellationToken ct)
    {
        var limit = concurrency ?? new AdaptiveConcurrency();
        var answers = Channel.CreateUnbounded<RouteBatchAnswer>(new UnboundedChannelOptions { SingleReader = true });
        var pump = PumpAsync(router, requests, limit, answers.Writer, ct);
        await foreach (var answer in answers.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            yield return answer;
        }

        await pump.ConfigureAwait(false);
    }

    private static async Task PumpAsync(
        Router router, IAsyncEnumerable<RouteRequest> requests, AdaptiveConcurrency limit, ChannelWriter<RouteBatchAnswer> answers, CancellationToken ct)
    {
        var running = new List<Task>();
        Exception? failure = null;
        try
        {
            var index = 0;
            await foreach (var request in requests.WithCancellation(ct).ConfigureAwait(false))
            {
                await limit.EnterAsync(ct).ConfigureAwait(false);
                running.RemoveAll(static task => task.IsCompleted);
                running.Add(CallAsync(router, request, index++, limit, answers, ct));
            }
        }
        catch (OperationCanceledException exception)
        {
            failure = exception;
        }

        await Task.WhenAll(running).ConfigureAwait(false);
        answers.Complete(failure);
    }

    private static async Task CallAsync(
        Router router, RouteRequest request, int index, AdaptiveConcurrency limit, ChannelWriter<RouteBatchAnswer> answers, CancellationToken ct)
    {
        var tally = new RouteTally(request, index);
        AgentOpsException? error = null;
        try
        {
            await foreach (var item in router.InvokeAsync(request, ct).ConfigureAwait(false))
            {
                tally.Add(item);
            }
        }
        catch (AgentOpsException exception)
        {
            error = exception;
        }
        catch (OperationCanceledException exception)
        {
            error = new AgentOpsException(ErrorCodes.OperationStopped, "The call was stopped.", innerException: exception);
        }
        finally
        {
            limit.Leave(tally.FirstToken, tally.WasTooMuch);
        }

        answers.TryWrite(tally.ToAnswer(error));
    }
}
