using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>Whether to try the same target again, and after which wait.</summary>
internal static class RetryPolicy
{
    /// <summary>The wait before another try; null: no other try of this target.</summary>
    public static TimeSpan? Wait(ProviderFault fault, int tries, bool isLastTarget, RouterOptions options)
    {
        if (!fault.IsTransient || tries >= options.TriesPerTarget)
        {
            return null;
        }

        var wait = fault.RetryAfter ?? options.FirstWait * Math.Pow(2, tries - 1);
        return wait <= (isLastTarget ? options.LongestWait : options.LongestWaitBeforeFallback) ? wait : null;
    }
}
