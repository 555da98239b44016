using System.Runtime.CompilerServices;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Telemetry;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Routing;

/// <summary>Prompts down a route, without an agent and without tools: as many at once as the providers bear, each call recorded with its cost.</summary>
public sealed class RouteInvoker
{
    private readonly WorkspaceLedger _ledger;
    private readonly RouterCache _routers;

    internal RouteInvoker(WorkspaceLedger ledger, RouterCache routers) => (_ledger, _routers) = (ledger, routers);

    /// <summary>Answers each prompt; an answer is given when its cost is durably recorded. One that failed doesn't end the others.</summary>
    /// <param name="how">The route, and what holds for all prompts.</param>
    /// <param name="prompts">Read no faster than places become free.</param>
    /// <param name="concurrency">How many run at once, to be watched; null: a new one.</param>
    /// <param name="ct">Stops all; what was spent until then is recorded.</param>
    /// <exception cref="AgentOpsException"><c>RouteNotFound</c>; the store failed.</exception>
    public async IAsyncEnumerable<RouteBatchAnswer> InvokeAsync(
        RoutePrompt how, IAsyncEnumerable<string> prompts, AdaptiveConcurrency? concurrency, [EnumeratorCancellation] CancellationToken ct)
    {
        var state = await _ledger.RefreshAsync(ct);
        var route = RouteTable.Require(state, how.Route);
        var router = _routers.For(state);
        var budget = new PromptBudget(_ledger, how.Task);
        var limit = concurrency ?? new AdaptiveConcurrency(Math.Min(4, how.MaxConcurrency), how.MaxConcurrency);
        try
        {
            await foreach (var answer in RouteBatch.InvokeAsync(router, RequestsAsync(router, budget, route, how, prompts, ct), limit, answer => SettleAsync(state, budget, answer), ct))
            {
                yield return answer;
            }
        }
        finally
        {
            await budget.ReleaseAsync();
        }
    }

    /// <summary>
    /// Answers one request as it comes, with its tools and its labels (<see cref="ModelRequest.Task"/>, <see cref="ModelRequest.DataClass"/>
    /// and <see cref="ModelRequest.Session"/>, a caller's word for what belongs together). The end is given when its cost is durably
    /// recorded; so is what a caller who stops listening has used until then, as an estimate.
    /// </summary>
    /// <param name="route">The route.</param>
    /// <param name="request">The request.</param>
    /// <param name="ct">Stops it; the end then is a <see cref="RouteCompleted"/> whose reason is <see cref="StopReason.Cancelled"/>.</param>
    /// <exception cref="AgentOpsException"><c>RouteNotFound</c>; <c>NoEligibleTarget</c>, with a fault of the kind
    /// <see cref="FaultKind.QuotaExhausted"/> within where a budget is spent; whatever <see cref="Router.InvokeAsync"/> throws; the store failed.</exception>
    public IAsyncEnumerable<RoutedEvent> StreamAsync(string route, ModelRequest request, CancellationToken ct) =>
        StreamAsync(route, request, new PromptBudget(_ledger, request.Task), ct);

    /// <summary>The same, with who answers for the call.</summary>
    internal async IAsyncEnumerable<RoutedEvent> StreamAsync(string route, ModelRequest request, IPromptAccount account, [EnumeratorCancellation] CancellationToken ct)
    {
        var state = await _ledger.RefreshAsync(ct);
        var router = _routers.For(state);
        var (asked, refusal) = await account.TryReserveAsync(router, new RouteRequest(RouteTable.Require(state, route), request));
        var tally = new RouteTally(asked, 0);
        if (refusal is not null)
        {
            await SettleAsync(state, account, tally.ToAnswer(refusal));
            throw refusal;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var events = router.InvokeAsync(asked, stop.Token).GetAsyncEnumerator(CancellationToken.None);
        AgentOpsException? failure = null;
        try
        {
            while ((failure = await AdvanceAsync(events, tally)) is null && !tally.HasEnded)
            {
                yield return events.Current;
            }
        }
        finally
        {
            // Whoever stopped listening, and whenever: the call is ended, and its end says what it used.
            await stop.CancelAsync();
            while (failure is null && !tally.HasEnded)
            {
                failure = await AdvanceAsync(events, tally);
            }

            await events.DisposeAsync();
            await SettleAsync(state, account, tally.ToAnswer(failure));
        }

        if (failure is not null)
        {
            throw failure;
        }

        yield return tally.End!;
    }

    /// <summary>Takes the next event into the sum; the error where the call failed.</summary>
    private static async ValueTask<AgentOpsException?> AdvanceAsync(IAsyncEnumerator<RoutedEvent> events, RouteTally tally)
    {
        try
        {
            if (!await events.MoveNextAsync())
            {
                return new AgentOpsException(ErrorCodes.OperationStopped, "The call was stopped.");
            }
        }
        catch (AgentOpsException exception)
        {
            return exception;
        }
        catch (OperationCanceledException exception)
        {
            return new AgentOpsException(ErrorCodes.OperationStopped, "The call was stopped.", innerException: exception);
        }

        tally.Add(events.Current);
        return null;
    }

    /// <summary>Records a call and settles what it cost in one append.</summary>
    private static async ValueTask SettleAsync(WorkspaceState state, IPromptAccount account, RouteBatchAnswer answer)
    {
        var events = await account.SettleAsync(answer);
        foreach (var called in events.Where(item => item.Type is EventTypes.ModelCompleted or EventTypes.ModelFailed))
        {
            ModelSignals.Record(state, called, answer.Duration);
        }
    }

    private static async IAsyncEnumerable<RouteRequest> RequestsAsync(
        Router router, PromptBudget budget, RouteDefinition route, RoutePrompt how, IAsyncEnumerable<string> prompts, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var prompt in prompts.WithCancellation(ct))
        {
            yield return await budget.ReserveAsync(router, how.ToRequest(route, prompt));
        }
    }
}
