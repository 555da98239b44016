using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
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
            await foreach (var answer in RouteBatch.InvokeAsync(router, RequestsAsync(router, budget, route, how, prompts, ct), limit, ct))
            {
                // A call that was stopped cost money all the same: its record must not be stopped too.
                NewEvent[] events = [.. answer.Completed is { FromCache: true } ? Array.Empty<NewEvent>() : [Record(answer, how)], .. budget.Settle(answer.Request, answer.Cost)];
                if (events.Length > 0)
                {
                    await _ledger.Store.AppendAsync(events, CancellationToken.None);
                    foreach (var called in events.Where(item => item.Type is EventTypes.ModelCompleted or EventTypes.ModelFailed))
                    {
                        ModelSignals.Record(state, called.Data, called.Type == EventTypes.ModelCompleted, answer.Duration);
                    }
                }

                yield return answer;
            }
        }
        finally
        {
            await budget.ReleaseAsync();
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

    private static NewEvent Record(RouteBatchAnswer answer, RoutePrompt how)
    {
        var end = answer.Completed;
        var isWhole = end is not null && end.Completion.Reason != StopReason.Cancelled;
        var usage = end?.Completion.Usage ?? Usage.Zero with { IsEstimated = true };
        var data = new JsonObject()
            .With("route", answer.Request.Route.Name)
            .With("provider", end?.Target.Provider)
            .With("model", end?.Target.Model)
            .With("inputTokens", usage.InputTokens)
            .With("outputTokens", usage.OutputTokens)
            .With("cachedInputTokens", usage.CachedInputTokens)
            .With("reasoningTokens", usage.ReasoningTokens)
            .With("estimated", usage.IsEstimated)
            .With("cost", (decimal?)answer.Cost)
            .With("stop", end?.Completion.Reason.ToString())
            .With("duration", (TimeSpan?)answer.Duration)
            .With("attempts", end?.Attempts.Count)
            .With("reason", answer.Error?.Message);
        return new NewEvent(isWhole ? EventTypes.ModelCompleted : EventTypes.ModelFailed, EventTypes.Version, data) { Task = how.Task };
    }
}
