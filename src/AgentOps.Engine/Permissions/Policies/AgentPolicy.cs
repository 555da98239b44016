namespace AgentOps.Engine.Permissions;

/// <summary>A document of kind <c>AgentPolicy</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rules">Its rules, each with the document's subjects and validity.</param>
public sealed record AgentPolicy(string Name, IReadOnlyList<PolicyRule> Rules);
