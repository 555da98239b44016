namespace AgentOps.Engine.Routing;

/// <summary>How hard a router tries.</summary>
public sealed record RouterOptions
{
    /// <summary>Calls of one target before the next is tried.</summary>
    public int TriesPerTarget { get; init; } = 3;

    /// <summary>The first wait before a retry where the provider names none; it doubles each time.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait that is kept while no other target is left; asked for more, the call fails.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait that is kept while another target is left; asked for more, the next target is tried.</summary>
    public TimeSpan LongestWaitBeforeFallback { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The output that costs are predicted with where the request sets no limit, in tokens.</summary>
    public int ExpectedOutputTokens { get; init; } = 500;
}
