using System.Collections.Concurrent;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>
/// Answers of identical requests, by digest, route, data class and agent, the oldest dropped first; and single flight: while one
/// such call is under way, the next waits for its answer.
/// </summary>
internal sealed class AnswerCache(int capacity)
{
    private readonly ConcurrentDictionary<string, CachedAnswer> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _flights = new(StringComparer.Ordinal);

    /// <summary>The key of a request, or null when it must not be answered from here: a warm answer is another each time.</summary>
    public string? KeyOf(RouteRequest request) => capacity > 0 && request.Request.Temperature == 0
        ? string.Join('\n', request.Route.Name, request.Request.DataClass, request.Request.Agent, RequestDigest.Compute(request.Request))
        : null;

    /// <summary>The answer; null for whoever is to make the call, and must then call <see cref="Land"/>, whatever happens.</summary>
    public async ValueTask<CachedAnswer?> FindOrTakeOffAsync(string key, CancellationToken ct)
    {
        while (true)
        {
            if (_answers.TryGetValue(key, out var answer))
            {
                return answer;
            }

            var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var flight = _flights.GetOrAdd(key, own);
            if (flight == own)
            {
                return null;
            }

            await flight.Task.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>The call ended: with an answer for the others, or without one, so that the next of them calls itself.</summary>
    public void Land(string key, CachedAnswer? answer)
    {
        if (answer is not null && _answers.TryAdd(key, answer))
        {
            _order.Enqueue(key);
            while (_answers.Count > capacity && _order.TryDequeue(out var oldest))
            {
                _answers.TryRemove(oldest, out _);
            }
        }

        if (_flights.TryRemove(key, out var flight))
        {
            flight.SetResult();
        }
    }

    /// <summary>A whole answer.</summary>
    internal sealed record CachedAnswer(RouteTarget Target, IReadOnlyList<ModelEvent> Events, ModelCompleted Completion);
}
