using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Workspaces;

/// <summary>A rule in force, with where it came from.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Granted">When it was granted, UTC.</param>
/// <param name="GrantedBy">Who granted it.</param>
/// <param name="Sequence">The ledger sequence of the grant.</param>
public sealed record GrantState(PolicyRule Rule, DateTimeOffset Granted, string GrantedBy, long Sequence);
