using AgentOps.Engine.Routing;

namespace AgentOps.Output;

/// <summary>A model's answer to one prompt.</summary>
public sealed record Completion
{
    /// <summary>The prompt's place among those that came down the pipeline, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The prompt.</summary>
    public required string Prompt { get; init; }

    /// <summary>The answer.</summary>
    public required string Text { get; init; }

    /// <summary>The route.</summary>
    public required string Route { get; init; }

    /// <summary>The target that answered, as <c>provider/model</c>.</summary>
    public required string Target { get; init; }

    /// <summary>Why the answer ended.</summary>
    public required string StopReason { get; init; }

    /// <summary>Input tokens.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Output tokens, reasoning included.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>What it cost in USD, failed attempts included.</summary>
    public required decimal Cost { get; init; }

    /// <summary>From the call to its end.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Answered from the cache of identical requests, without a call.</summary>
    public required bool FromCache { get; init; }

    internal static Completion From(RouteBatchAnswer answer, string prompt) => new()
    {
        Index = answer.Index,
        Prompt = prompt,
        Text = answer.Message.TextContent,
        Route = answer.Request.Route.Name,
        Target = answer.Completed!.Target.ToString(),
        StopReason = answer.Completed.Completion.Reason.ToString(),
        InputTokens = answer.Completed.Completion.Usage.InputTokens,
        OutputTokens = answer.Completed.Completion.Usage.OutputTokens,
        Cost = answer.Cost,
        Duration = answer.Duration,
        FromCache = answer.Completed.FromCache,
    };
}
