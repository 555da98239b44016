using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>Tokens times price, in decimal money.</summary>
public static class CostCalculator
{
    private const decimal TokensPerPrice = 1_000_000m;

    /// <summary>The cost of a call in US dollars, unrounded. Each token is charged once: cached, written, or plain.</summary>
    public static decimal Cost(Usage usage, ModelPrice price)
    {
        price = price.Of(usage.InputTokens);
        var cached = Math.Clamp(usage.CachedInputTokens, 0, usage.InputTokens);
        var written = Math.Clamp(usage.CacheWriteTokens, 0, usage.InputTokens - cached);
        var plain = usage.InputTokens - cached - written;
        return ((plain * price.Input)
            + (cached * (price.CachedInput ?? price.Input))
            + (written * (price.CacheWrite ?? price.Input))
            + (usage.OutputTokens * price.Output)) / TokensPerPrice;
    }

    /// <summary>What a call can cost at most: that of the dearest target which may be tried, in US dollars; 0 where no price is known.</summary>
    /// <param name="decision">The decision about the call.</param>
    /// <param name="maxOutputTokens">The bound on its answer.</param>
    public static decimal Dearest(RouteDecision decision, long maxOutputTokens) => decision.Candidates
        .Where(candidate => candidate.Rank > 0 && candidate.EffectivePrice is not null)
        .Select(candidate => Cost(new Usage(decision.PromptTokens, maxOutputTokens, 0, 0, 0, true), candidate.EffectivePrice!))
        .DefaultIfEmpty(0)
        .Max();
}
