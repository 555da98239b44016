namespace AgentOps.Engine.Routing;

/// <summary>Whether a target may be used, and if not, why.</summary>
/// <param name="IsAllowed">It may.</param>
/// <param name="Reason">Why not.</param>
public readonly record struct TargetPermission(bool IsAllowed, string? Reason)
{
    /// <summary>Allowed.</summary>
    public static TargetPermission Allowed { get; } = new(true, null);

    /// <summary>Refused.</summary>
    public static TargetPermission Refused(string reason) => new(false, reason);
}
