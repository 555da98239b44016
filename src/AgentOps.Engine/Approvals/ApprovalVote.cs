namespace AgentOps.Engine.Approvals;

/// <summary>One person's answer.</summary>
/// <param name="Person">The operating system's account, the database's role, or the registered key, as <c>os:NAME</c>, <c>database:NAME</c>, <c>key:NAME</c>.</param>
/// <param name="IsApproval">Approved, or denied.</param>
/// <param name="Counts">The rules towards whose quorum it counts.</param>
/// <param name="Reason">The person's words.</param>
/// <param name="Time">When.</param>
public sealed record ApprovalVote(string Person, bool IsApproval, IReadOnlyList<string> Counts, string? Reason, DateTimeOffset Time)
{
    /// <summary>For a question: the payload with the answer.</summary>
    public string? Answer { get; init; }
}
