using System.Runtime.CompilerServices;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>Chooses targets for prompts, calls them, and falls back. Safe for any number of threads.</summary>
public sealed class Router
{
    private readonly RouteJudge judge;
    private readonly RouterOptions options;
    private readonly TimeProvider timeProvider;

    /// <summary>Makes a router.</summary>
    /// <param name="providers">The providers that routes can name.</param>
    /// <param name="options">How hard it tries; null: the usual.</param>
    /// <param name="timeProvider">The clock; null: the system's.</param>
    public Router(ProviderSet providers, RouterOptions? options = null, TimeProvider? timeProvider = null)
    {
        this.options = options ?? new RouterOptions();
        this.timeProvider = timeProvider ?? TimeProvider.System;
        judge = new RouteJudge(providers, this.options);
    }

    /// <summary>Decides without calling anything: every candidate with its predictions, its rank, or why it was rejected.</summary>
    public RouteDecision Resolve(RouteRequest request) => judge.Decide(request);

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

        var attempts = new List<RouteAttempt>(1);
        for (var place = 0; place < candidates.Eligible; place++)
        {
            var target = candidates.Attempt(place);
            var isLast = place == candidates.Eligible - 1;
            for (var tries = 1; ; tries++)
            {
                yield return new AttemptStarted(target.Target, attempts.Count + 1);
                var call = new TargetCall(target, request.Request, attempts.Count + 1, timeProvider, ct);
                await using (call.ConfigureAwait(false))
                {
                    while (await call.NextAsync().ConfigureAwait(false) is { } modelEvent)
                    {
                        yield return new ModelOutput(modelEvent);
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
                    throw RouteFailure.Interrupted(decision.Route, attempt);
                }

                if (RetryPolicy.Wait(attempt.Fault, tries, isLast, options) is not { } wait)
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

        throw RouteFailure.Failed(decision.Route, attempts);
    }

    private static RouteCompleted Completed(TargetCall call, List<RouteAttempt> attempts)
    {
        var usage = attempts[^1].Usage;
        var completion = call.Completion ?? new ModelCompleted(StopReason.Cancelled, usage, call.Target.Target.Model, null);
        return new RouteCompleted(call.Target.Target, completion, attempts.Sum(attempt => attempt.Cost), "USD", attempts);
    }

    private static RouteCompleted Cancelled(CompiledTarget target, List<RouteAttempt> attempts) => new(
        target.Target,
        new ModelCompleted(StopReason.Cancelled, Usage.Zero, target.Target.Model, null),
        attempts.Sum(attempt => attempt.Cost),
        "USD",
        attempts);

    private async ValueTask<bool> WaitAsync(TimeSpan wait, CancellationToken ct)
    {
        try
        {
            await Task.Delay(wait, timeProvider, ct).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
