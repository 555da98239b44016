namespace AgentOps.Engine.Permissions;

/// <summary>Where a rule comes from; no part of its meaning, so moving a rule changes no digest.</summary>
/// <param name="Policy">The policy document's name; null for a single grant.</param>
/// <param name="Place">file:line:column, or the ledger's sequence number; null when made in memory.</param>
public sealed record RuleSource(string? Policy, string? Place)
{
    /// <summary>Made in memory.</summary>
    public static RuleSource None { get; } = new(null, null);
}
