namespace AgentOps.Cli.Serving;

/// <summary>What became of one request of a served batch.</summary>
internal enum ServedOutcome
{
    /// <summary>It was answered.</summary>
    Answered,

    /// <summary>It was refused, or failed.</summary>
    Failed,

    /// <summary>It was cancelled before its turn.</summary>
    Cancelled,
}
