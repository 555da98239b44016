namespace AgentOps.Engine.Invocation;

/// <summary>Where a delegated session comes from.</summary>
/// <param name="Session">The session of the agent that delegates.</param>
/// <param name="Call">The call in it.</param>
/// <param name="Agents">The chain of agents, the first one first, the one that delegates last.</param>
/// <param name="OnBehalfOf">Whom all of them act for.</param>
/// <param name="DataClass">The highest data class that the session had seen when it delegated: its prompt may hold any of it.</param>
/// <param name="IsTainted">Whether the session had seen output from outside when it delegated: its prompt may hold that, too.</param>
internal sealed record DelegatedFrom(string Session, string Call, IReadOnlyList<string> Agents, string OnBehalfOf, string? DataClass, bool IsTainted);
