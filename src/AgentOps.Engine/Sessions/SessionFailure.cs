namespace AgentOps.Engine.Sessions;

/// <summary>How a session failed that undoes what it did before it ends.</summary>
/// <param name="Status">How it will end: <c>Failed</c>, <c>LimitReached</c> or <c>Refused</c>.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record SessionFailure(SessionStatus Status, string Reason);
