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

    /// <summary>Failures in a row that open a target's circuit.</summary>
    public int FailuresToOpen { get; init; } = 5;

    /// <summary>How long a circuit first stays open; it doubles with each failed probe.</summary>
    public TimeSpan FirstCoolDown { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that a circuit stays open after failures.</summary>
    public TimeSpan LongestCoolDown { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an account is left alone once its credit or quota is used up, unless it is topped up before.</summary>
    public TimeSpan QuotaCoolDown { get; init; } = TimeSpan.FromHours(1);

    /// <summary>When a first token is this late, the next target is called too; null: never.</summary>
    public TimeSpan? HedgeAfter { get; init; }

    /// <summary>The share of calls, 0 to 1, that may be hedged.</summary>
    public double HedgeBudget { get; init; } = 0.1;

    /// <summary>Answers kept for identical requests; 0: none. Only requests with temperature 0 are answered from it.</summary>
    public int CacheEntries { get; init; }

    /// <summary>The share of the best eligible target's quality that counts as capable where the route names no minimum.</summary>
    public double CapableShare { get; init; } = 0.95;
}
