namespace AgentOps.Engine.Invocation;

/// <summary>A bound that can end a session.</summary>
internal enum SessionLimit
{
    /// <summary>Model calls.</summary>
    Steps,

    /// <summary>Tool calls proposed.</summary>
    ToolCalls,

    /// <summary>Wall time.</summary>
    Duration,

    /// <summary>Spend of the session.</summary>
    Cost,

    /// <summary>Spend of the agent.</summary>
    Budget,

    /// <summary>Output tokens of one model call.</summary>
    OutputTokens,

    /// <summary>The model's context.</summary>
    Context,

    /// <summary>A limit of the rules.</summary>
    Rule,
}
