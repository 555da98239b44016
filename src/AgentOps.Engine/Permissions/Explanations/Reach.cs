namespace AgentOps.Engine.Permissions;

/// <summary>What an agent can do with a resource. For the administrator: it tells the bounds.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Level">How far it reaches.</param>
/// <param name="Permits">The permits that speak of it, in words.</param>
/// <param name="Forbids">The forbids that may speak up, in words.</param>
/// <param name="Requires">The requires that may speak up, in words.</param>
public sealed record Reach(
    string Agent, string Resource, ReachLevel Level, IReadOnlyList<string> Permits, IReadOnlyList<string> Forbids, IReadOnlyList<string> Requires);
