namespace AgentOps.Engine.Providers;

/// <summary>What became of one request of a batch.</summary>
public enum BatchOutcome
{
    /// <summary>The model answered.</summary>
    Answered,

    /// <summary>The provider refused it or failed.</summary>
    Failed,

    /// <summary>The batch's time was over before its turn; it costs nothing.</summary>
    Expired,

    /// <summary>The batch was stopped before its turn; it costs nothing.</summary>
    Cancelled,
}
