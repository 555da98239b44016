namespace AgentOps.Engine.Permissions;

/// <summary>Distinct persons must approve this very call.</summary>
public sealed record ApprovalObligation : Obligation
{
    /// <summary>How many distinct persons.</summary>
    public int Quorum { get; init; } = 1;

    /// <summary>The group they must be of; null for anyone who may approve.</summary>
    public string? From { get; init; }

    /// <summary>Whether the person for whom the agent acts does not count.</summary>
    public bool NotRequester { get; init; } = true;

    /// <summary>After this the answer is Deny.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);
}
