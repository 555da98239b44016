namespace AgentOps.Output;

/// <summary>One target of a route, as judged for one prompt; nothing was called.</summary>
public sealed record RouteCandidate
{
    /// <summary>The route.</summary>
    public required string Route { get; init; }

    /// <summary>Its place in the order of attempts, from 1; 0 when rejected.</summary>
    public required int Rank { get; init; }

    /// <summary>The target, as <c>provider/model</c>.</summary>
    public required string Target { get; init; }

    /// <summary>Whether the prompt goes here first.</summary>
    public required bool Selected { get; init; }

    /// <summary>Which filter rejected it; <c>None</c> when none did.</summary>
    public required string Rejection { get; init; }

    /// <summary>Why it stands where it stands.</summary>
    public required string Reason { get; init; }

    /// <summary>Predicted cost of this prompt, in USD; null where there is no price.</summary>
    public decimal? PredictedCost { get; init; }

    /// <summary>Predicted quality, 0 to 1; null where nothing is known.</summary>
    public decimal? PredictedQuality { get; init; }

    /// <summary>Where the predicted quality comes from; null where nothing is known.</summary>
    public string? QualitySource { get; init; }

    /// <summary>What the prompt is about, with probabilities; null where no target's quality depends on it.</summary>
    public string? Domains { get; init; }

    /// <summary>Predicted wait for the first token; null where nothing is known.</summary>
    public TimeSpan? PredictedLatency { get; init; }

    internal static RouteCandidate From(Engine.Routing.RouteDecision decision, Engine.Routing.RouteCandidate candidate) => new()
    {
        Route = decision.Route,
        Rank = candidate.Rank,
        Target = candidate.Target.ToString(),
        Selected = candidate.Selected,
        Rejection = candidate.Rejection.ToString(),
        Reason = candidate.Reason,
        PredictedCost = candidate.PredictedCost,
        PredictedQuality = candidate.PredictedQuality,
        QualitySource = candidate.QualitySource,
        Domains = decision.Domains?.ToString(),
        PredictedLatency = candidate.PredictedLatency,
    };
}
