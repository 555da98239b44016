namespace AgentOps.Engine.Invocation;

/// <summary>What became of the undoing of one call.</summary>
public enum UndoOutcome
{
    /// <summary>Its compensation ran and says that it did what was asked.</summary>
    Undone,

    /// <summary>Its compensation was not allowed.</summary>
    Refused,

    /// <summary>Its compensation waits for persons.</summary>
    Pending,

    /// <summary>Its compensation ran and failed.</summary>
    Failed,

    /// <summary>It, or its compensation, may or may not have had its effect.</summary>
    Unknown,

    /// <summary>Nothing undoes it.</summary>
    Impossible,
}
