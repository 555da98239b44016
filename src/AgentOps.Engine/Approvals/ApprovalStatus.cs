namespace AgentOps.Engine.Approvals;

/// <summary>Where a request stands.</summary>
public enum ApprovalStatus
{
    /// <summary>Persons are still to answer.</summary>
    Pending,

    /// <summary>Enough persons approved; the session's runner may go on.</summary>
    Approved,

    /// <summary>A person denied it.</summary>
    Denied,

    /// <summary>Its time is over, which is a denial.</summary>
    Expired,

    /// <summary>It was used for its one call.</summary>
    Consumed,

    /// <summary>What was approved is no longer what would be done, or its session was stopped.</summary>
    Burned,
}
