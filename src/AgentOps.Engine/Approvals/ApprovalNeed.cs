namespace AgentOps.Engine.Approvals;

/// <summary>What one rule demands.</summary>
/// <param name="Rule">policy/id.</param>
/// <param name="Quorum">How many distinct persons.</param>
/// <param name="From">The group they must be of; null for anyone.</param>
/// <param name="NotRequester">Whether those who asked for the call do not count.</param>
public sealed record ApprovalNeed(string Rule, int Quorum, string? From, bool NotRequester);
