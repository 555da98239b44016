using System.Runtime.CompilerServices;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>Chooses targets for prompts, calls them, and falls back. Safe for any number of threads.</summary>
public sealed class Router
{
    private readonly RouteJudge _judge;
    private readonly RouterOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly RouterState _state;
    private readonly AnswerCache _cache;
    private readonly HedgeBudget _hedges;

    /// <summary>Makes a router.</summary>
    /// <param name="providers">The providers that routes can name.</param>
    /// <param name="options">How hard it tries; null: the usual.</param>
    /// <param name="timeProvider">The clock; null: the system's.</param>
    /// <param name="catalog">Prices and capabilities where a target states none; null: nothing is known.</param>
    /// <param name="quality">Predicts how well models answer; null: only what targets state.</param>
    public Router(
        ProviderSet providers,
        RouterOptions? options = null,
        TimeProvider? timeProvider = null,
        PriceCatalog? catalog = null,
        IQualityPredictor? quality = null)
    {
        _options = options ?? new RouterOptions();
        _timeProvider = timeProvider ?? TimeProvider.System;
        _state = new RouterState(_options, _timeProvider);
        _judge = new RouteJudge(providers, _options, catalog ?? PriceCatalog.Empty, _state, quality);
        _cache = new AnswerCache(_options.CacheEntries);
        _hedges = new HedgeBudget(_options.HedgeBudget);
    }

    /// <summary>Decides without calling anything: every candidate with its predictions, its rank, or why it was rejected.</summary>
    public RouteDecision Resolve(RouteRequest request) => _judge.Decide(request);

    /// <summary>Forgets a provider's failures and spend: after a top-up, or a mended account.</summary>
    public void Reset(string provider) => _state.Reset(provider);

    /// <summary>
    /// Calls the route: the best target first, the next when it fails before it has answered anything, never another after.
    /// A cancelled call ends with a <see cref="RouteCompleted"/> whose reason is <see cref="StopReason.Cancelled"/> and whose
    /// cost is an estimate, so that no spend is lost.
    /// </summary>
    /// <exception cref="Errors.AgentOpsException">No target may take the prompt, all failed, or the answer broke off.</exception>
    public async IAsyncEnumerable<RoutedEvent> InvokeAsync(RouteRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        var decision = Resolve(request);
        yield return new RouteChosen(decision);
        var candidates = (CandidateList)decision.Candidates;
        if (candidates.Eligible == 0)
        {
            throw RouteFailure.NoTarget(decision);
        }

        var key = _cache.KeyOf(request);
        if (key is null)
        {
            await foreach (var item in CallAsync(request, decision.Route, candidates, ct).ConfigureAwait(false))
            {
                yield return item;
            }

            yield break;
        }

        if (await _cache.FindOrTakeOffAsync(key, ct).ConfigureAwait(false) is { } known)
        {
            foreach (var modelEvent in known.Events)
            {
                yield return new ModelOutput(modelEvent);
            }

            yield return new RouteCompleted(known.Target, known.Completion, 0, "USD", []) { FromCache = true };
            yield break;
        }

        var heard = new List<ModelEvent>();
        AnswerCache.CachedAnswer? answer = null;
        try
        {
            await foreach (var item in CallAsync(request, decision.Route, candidates, ct).ConfigureAwait(false))
            {
                if (item is ModelOutput output)
                {
                    heard.Add(output.Event);
                }
                else if (item is RouteCompleted { Completion.Reason: StopReason.EndTurn or StopReason.ToolUse } end)
                {
                    answer = new AnswerCache.CachedAnswer(end.Target, heard, end.Completion);
                }

                yield return item;
            }
        }
        finally
        {
            _cache.Land(key, answer);
        }
    }

    private async IAsyncEnumerable<RoutedEvent> CallAsync(
        RouteRequest request, string route, CandidateList candidates, [EnumeratorCancellation] CancellationToken ct)
    {
        _hedges.Called();
        var attempts = new List<RouteAttempt>(1);
        for (var place = 0; place < candidates.Eligible; place++)
        {
            var target = candidates.Attempt(place);
            var isLast = place == candidates.Eligible - 1;
            for (var tries = 1; ; tries++)
            {
                yield return new AttemptStarted(target.Target, attempts.Count + 1);
                var hedge = _options.HedgeAfter is not null && !isLast && attempts.Count == 0;
                var call = new TargetCall(target, request.Request, attempts.Count + 1, _timeProvider, hedge, ct);
                ModelEvent? next;
                if (hedge)
                {
                    var start = await HedgedStart.RunAsync(
                        call,
                        () => new TargetCall(candidates.Attempt(1), request.Request, 2, _timeProvider, true, ct),
                        _options.HedgeAfter!.Value, _hedges, _timeProvider, ct).ConfigureAwait(false);
                    (call, next) = (start.Call, start.First);
                    foreach (var ended in start.Ended)
                    {
                        attempts.Add(ended);
                        yield return new AttemptFailed(ended);
                    }
                }
                else
                {
                    next = await call.NextAsync().ConfigureAwait(false);
                }

                await using (call.ConfigureAwait(false))
                {
                    for (; next is not null; next = await call.NextAsync().ConfigureAwait(false))
                    {
                        yield return new ModelOutput(next);
                    }
                }

                var attempt = call.End();
                attempts.Add(attempt);
                if (attempt.Fault is null)
                {
                    yield return Completed(call, attempts);
                    yield break;
                }

                yield return new AttemptFailed(attempt);
                if (call.HasAnswered)
                {
                    throw RouteFailure.Interrupted(route, attempt);
                }

                if (RetryPolicy.Wait(attempt.Fault, tries, isLast, _options) is not { } wait)
                {
                    break;
                }

                if (!await WaitAsync(wait, ct).ConfigureAwait(false))
                {
                    yield return Cancelled(target, attempts);
                    yield break;
                }
            }

            if (!attempts[^1].Fault!.AllowsFallback)
            {
                break;
            }
        }

        throw RouteFailure.Failed(route, attempts);
    }

    private static RouteCompleted Completed(TargetCall call, List<RouteAttempt> attempts)
    {
        var usage = attempts[^1].Usage;
        var completion = call.Completion ?? new ModelCompleted(StopReason.Cancelled, usage, call.Target.Target.Model, null);
        return new RouteCompleted(call.Target.Target, completion, Total(attempts), "USD", attempts);
    }

    private static RouteCompleted Cancelled(CompiledTarget target, List<RouteAttempt> attempts) => new(
        target.Target,
        new ModelCompleted(StopReason.Cancelled, Usage.Zero, target.Target.Model, null),
        Total(attempts),
        "USD",
        attempts);

    private static decimal Total(List<RouteAttempt> attempts)
    {
        var total = 0m;
        foreach (var attempt in attempts)
        {
            total += attempt.Cost;
        }

        return total;
    }

    private async ValueTask<bool> WaitAsync(TimeSpan wait, CancellationToken ct)
    {
        try
        {
            await Task.Delay(wait, _timeProvider, ct).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
