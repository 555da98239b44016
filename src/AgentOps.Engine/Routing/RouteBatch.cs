using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

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
        var message = new AssistantMessageBuilder();
        RouteCompleted? end = null;
        AgentOpsException? error = null;
        var tooMuch = false;
        var failed = 0m;
        var started = TimeProvider.System.GetTimestamp();
        TimeSpan? latency = null;
        try
        {
            await foreach (var item in router.InvokeAsync(request, ct).ConfigureAwait(false))
            {
                switch (item)
                {
                    case ModelOutput output:
                        message.Add(output.Event);
                        break;
                    case AttemptFailed { Attempt: var attempt }:
                        failed += attempt.Cost;
                        tooMuch |= attempt.Fault?.Kind is FaultKind.RateLimited or FaultKind.Overloaded;
                        break;
                    case RouteCompleted completed:
                        end = completed;
                        latency = completed.Attempts.Count > 0 ? completed.Attempts[^1].TimeToFirstToken : null;
                        break;
                }
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
            limit.Leave(latency, tooMuch);
        }

        answers.TryWrite(new RouteBatchAnswer(index, request, message.Build(), end, error)
        {
            Cost = end?.Cost ?? failed,
            Duration = TimeProvider.System.GetElapsedTime(started),
        });
    }
}
