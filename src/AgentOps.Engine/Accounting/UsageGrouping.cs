namespace AgentOps.Engine.Accounting;

/// <summary>What usage is summed by.</summary>
public enum UsageGrouping
{
    /// <summary>The agent.</summary>
    Agent,

    /// <summary>What the work was booked under.</summary>
    Task,

    /// <summary>The route.</summary>
    Route,

    /// <summary>Provider and model.</summary>
    Model,

    /// <summary>The day, UTC.</summary>
    Day,
}
