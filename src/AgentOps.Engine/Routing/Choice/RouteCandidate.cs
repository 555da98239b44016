namespace AgentOps.Engine.Routing;

/// <summary>One target of a route, as judged for one prompt.</summary>
/// <param name="Target">The target.</param>
/// <param name="Selected">It is the first choice.</param>
/// <param name="Rank">Its place in the order of attempts, from 1; 0 when rejected.</param>
/// <param name="Rejection">Which filter rejected it.</param>
/// <param name="Reason">Why it was rejected, or why it stands where it stands.</param>
/// <param name="PredictedQuality">0 to 1; null where nothing is known.</param>
/// <param name="PredictedCost">In US dollars, for this prompt; null where there is no price.</param>
/// <param name="PredictedLatency">To the first token; null where nothing is known.</param>
public sealed record RouteCandidate(
    RouteTarget Target,
    bool Selected,
    int Rank,
    RejectionKind Rejection,
    string Reason,
    decimal? PredictedQuality,
    decimal? PredictedCost,
    TimeSpan? PredictedLatency)
{
    /// <summary>Where the predicted quality comes from, in words; null where nothing is known.</summary>
    public string? QualitySource { get; init; }

    /// <summary>The price that the prediction used, after discounts, credit and commitment; null where there is none.</summary>
    public ModelPrice? EffectivePrice { get; init; }

    /// <summary>The price that is charged: the list's less the account's discount; null where there is none.</summary>
    public ModelPrice? ChargedPrice { get; init; }

    /// <summary>The longest prompt and answer together that it takes, in tokens; null where nothing is known.</summary>
    public long? ContextTokens { get; init; }

    /// <summary>How the effective price came about.</summary>
    public string? PriceNote { get; init; }
}
