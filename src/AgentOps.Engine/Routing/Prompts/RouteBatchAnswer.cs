using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Routing;

/// <summary>What came of one of many prompts.</summary>
/// <param name="Index">Its place among the prompts, from 0.</param>
/// <param name="Request">The prompt.</param>
/// <param name="Message">The answer, or what came of it before it failed.</param>
/// <param name="Completed">The end with its cost; null when it failed.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
public sealed record RouteBatchAnswer(int Index, RouteRequest Request, Message Message, RouteCompleted? Completed, AgentOpsException? Error)
{
    /// <summary>What all attempts cost in US dollars, also where the call failed.</summary>
    public decimal Cost { get; init; }

    /// <summary>The attempt that a failed call ended with: what was used, estimated where the answer broke off; null where nothing was called.</summary>
    public RouteAttempt? Broken { get; init; }

    /// <summary>From the call to its end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The record of the call.</summary>
    internal NewEvent ToRecord()
    {
        var request = Request.Request;
        var isWhole = Completed is not null && Completed.Completion.Reason != StopReason.Cancelled;
        var target = Completed?.Target ?? Broken?.Target;
        var usage = Completed?.Completion.Usage ?? Broken?.Usage ?? Usage.Zero with { IsEstimated = true };
        var data = new JsonObject()
            .With("route", Request.Route.Name)
            .With("provider", target?.Provider)
            .With("model", target?.Model)
            .With("dataClass", request.DataClass)
            .With("label", request.Session)
            .With("inputTokens", usage.InputTokens)
            .With("outputTokens", usage.OutputTokens)
            .With("cachedInputTokens", usage.CachedInputTokens)
            .With("reasoningTokens", usage.ReasoningTokens)
            .With("estimated", usage.IsEstimated)
            .With("cost", (decimal?)Cost)
            .With("stop", Completed?.Completion.Reason.ToString())
            .With("duration", (TimeSpan?)Duration)
            .With("attempts", Completed?.Attempts.Count)
            .With("reason", Error?.Message);
        return new NewEvent(isWhole ? EventTypes.ModelCompleted : EventTypes.ModelFailed, EventTypes.Version, data) { Task = request.Task };
    }
}
