namespace AgentOps.Engine.Permissions;

/// <summary>What is in flight: it counts as used until it is committed or released.</summary>
/// <param name="Id">Its id, the tool call's or model call's own.</param>
/// <param name="Reserved">When it was made.</param>
/// <param name="Expires">When its maker should long have settled it; it goes on counting, and shows among the stale.</param>
/// <param name="Demands">What it takes.</param>
public sealed record LimitReservation(string Id, DateTimeOffset Reserved, DateTimeOffset Expires, IReadOnlyList<LimitDemand> Demands);
