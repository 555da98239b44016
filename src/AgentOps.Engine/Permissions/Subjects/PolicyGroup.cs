namespace AgentOps.Engine.Permissions;

/// <summary>A document of kind <c>Group</c>: a name for agents or persons.</summary>
/// <param name="Name">Its name; rules write <c>group:NAME</c>.</param>
/// <param name="Members">Agents or persons; no groups.</param>
public sealed record PolicyGroup(string Name, IReadOnlyList<string> Members);
