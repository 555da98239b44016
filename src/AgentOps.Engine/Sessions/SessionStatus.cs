namespace AgentOps.Engine.Sessions;

/// <summary>Where a session stands.</summary>
public enum SessionStatus
{
    /// <summary>A runner works on it.</summary>
    Running,

    /// <summary>It waits for persons, and nobody runs it: it is resumed when they have answered.</summary>
    Pending,

    /// <summary>Its runner is gone without an end; a tool call that was started may or may not have had its effect.</summary>
    Interrupted,

    /// <summary>The agent gave its answer.</summary>
    Completed,

    /// <summary>The agent gave up, or was ended, after refusals.</summary>
    Refused,

    /// <summary>A limit on steps, calls, time or money struck.</summary>
    LimitReached,

    /// <summary>Somebody stopped it.</summary>
    Stopped,

    /// <summary>Somebody had undone what it did, as far as that could be done.</summary>
    Undone,

    /// <summary>A fault of a provider, a store or a tool ended it.</summary>
    Failed,
}
