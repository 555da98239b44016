namespace AgentOps.Engine.Invocation;

/// <summary>A client of a served route that proved which agent's session it acts in.</summary>
/// <param name="Session">The session.</param>
/// <param name="Agent">The agent.</param>
/// <param name="TokenId">The id of the token with which it came.</param>
public sealed record ServedCaller(string Session, string Agent, string TokenId);
