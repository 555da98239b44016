using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Routing;

/// <summary>What a batch's results mean: an answer or an error a prompt, and the records that settle their cost.</summary>
internal static class BatchAnswers
{
    /// <summary>The answers in the prompts' order.</summary>
    public static IReadOnlyList<RouteBatchAnswer> Of(BatchState batch, IReadOnlyList<RouteRequest> requests, IReadOnlyList<BatchItemResult> results) =>
        [.. results.Select((result, index) => Of(batch, requests[index], result, index))];

    /// <summary>The records that settle a batch: what was used, what failed, and that it is collected.</summary>
    public static IEnumerable<NewEvent> Records(BatchState batch, IReadOnlyList<BatchItemResult> results, string kept)
    {
        var answered = results.Where(result => result.Completion is not null).ToArray();
        var cost = Cost(batch, results);
        if (answered.Length > 0)
        {
            yield return Record(EventTypes.ModelCompleted, batch, new JsonObject()
                .With("calls", answered.Length)
                .With("inputTokens", answered.Sum(result => result.Completion!.Usage.InputTokens))
                .With("outputTokens", answered.Sum(result => result.Completion!.Usage.OutputTokens))
                .With("cachedInputTokens", answered.Sum(result => result.Completion!.Usage.CachedInputTokens))
                .With("reasoningTokens", answered.Sum(result => result.Completion!.Usage.ReasoningTokens))
                .With("estimated", answered.Any(result => result.Completion!.Usage.IsEstimated))
                .With("cost", (decimal?)cost));
        }

        if (answered.Length < results.Count)
        {
            yield return Record(EventTypes.ModelFailed, batch, new JsonObject()
                .With("calls", results.Count - answered.Length)
                .With("cost", (decimal?)0)
                .With("reason", results.First(result => result.Completion is null).Fault?.Detail));
        }

        yield return new NewEvent(EventTypes.BatchCollected, EventTypes.Version, new JsonObject()
            .With("id", batch.Id)
            .With("results", kept)
            .With("answered", answered.Length)
            .With("failed", results.Count(result => result.Outcome == BatchOutcome.Failed))
            .With("expired", results.Count(result => result.Outcome == BatchOutcome.Expired))
            .With("cancelled", results.Count(result => result.Outcome == BatchOutcome.Cancelled))
            .With("cost", (decimal?)cost))
        {
            Task = batch.Task,
        };
    }

    /// <summary>What all answers cost, in US dollars.</summary>
    public static decimal Cost(BatchState batch, IReadOnlyList<BatchItemResult> results) => results.Sum(result => Cost(batch, result));

    private static NewEvent Record(string type, BatchState batch, JsonObject data)
    {
        data = data.With("route", batch.Route).With("provider", batch.Target.Provider).With("model", batch.Target.Model).With("batch", batch.Id);
        return new NewEvent(type, EventTypes.Version, data) { Task = batch.Task };
    }

    private static RouteBatchAnswer Of(BatchState batch, RouteRequest request, BatchItemResult result, int index)
    {
        if (result is { Completion: { } completion, Message: { } message })
        {
            var cost = Cost(batch, result);
            return new RouteBatchAnswer(index, request, message, new RouteCompleted(batch.Target, completion, cost, "USD", []), null) { Cost = cost };
        }

        var fault = (result.Fault ?? new ProviderFault(FaultKind.Protocol, "", "The provider gave no result of this request.")) with { Provider = batch.Target.Provider };
        var error = result.Outcome switch
        {
            BatchOutcome.Expired => new AgentOpsException(ErrorCodes.ProviderTimeout, $"The batch {batch.Id} ended before this prompt's turn: {fault.Detail}", batch.Id,
                "It cost nothing. Send it again, in a batch of its own or without -Batch."),
            BatchOutcome.Cancelled => new AgentOpsException(ErrorCodes.OperationStopped, $"The batch {batch.Id} was stopped before this prompt's turn: {fault.Detail}", batch.Id),
            _ => RouteFailure.OfBatch($"'{batch.Target}' gave no answer in the batch {batch.Id}", fault, batch.Id),
        };
        return new RouteBatchAnswer(index, request, new Message(MessageRole.Assistant, []), null, error);
    }

    private static decimal Cost(BatchState batch, BatchItemResult result) => result.Completion is { } completion && batch.Target.Price is { } price
        ? CostCalculator.Cost(completion.Usage, price)
        : 0;
}
