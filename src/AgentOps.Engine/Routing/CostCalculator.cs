using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>Tokens times price, in decimal money.</summary>
public static class CostCalculator
{
    private const decimal TokensPerPrice = 1_000_000m;

    /// <summary>The cost of a call in US dollars, unrounded. Each token is charged once: cached, written, or plain.</summary>
    public static decimal Cost(Usage usage, ModelPrice price)
    {
        var cached = Math.Clamp(usage.CachedInputTokens, 0, usage.InputTokens);
        var written = Math.Clamp(usage.CacheWriteTokens, 0, usage.InputTokens - cached);
        var plain = usage.InputTokens - cached - written;
        return ((plain * price.Input)
            + (cached * (price.CachedInput ?? price.Input))
            + (written * (price.CacheWrite ?? price.Input))
            + (usage.OutputTokens * price.Output)) / TokensPerPrice;
    }
}
