using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Invocation;

/// <summary>Whether a model call of a session may be made.</summary>
/// <param name="End">Why not; null when it may.</param>
/// <param name="Events">What belongs into the same append, whatever the answer: reservations of dead runners settled, and the call's own.</param>
/// <param name="IsReserved">Whether the call took from limits, which its outcome settles.</param>
/// <param name="Decision">What the rules said.</param>
internal sealed record ModelPermission(TurnEnd? End, IReadOnlyList<NewEvent> Events, bool IsReserved, Permissions.Decision Decision)
{
    /// <summary>It may not be made.</summary>
    public static ModelPermission Refused(TurnEnd end, params IReadOnlyList<NewEvent> events) => new(end, events, false, default);
}
