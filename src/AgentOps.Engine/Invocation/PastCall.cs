using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Invocation;

/// <summary>A tool call that was made before, as history conditions ask for it.</summary>
/// <param name="Time">When its outcome was recorded, UTC.</param>
/// <param name="Outcome">Its outcome: <c>ok</c>, <c>error</c>, <c>unknown</c>, or <c>dryRun</c> for one that was only planned.</param>
/// <param name="Session">The session's id.</param>
/// <param name="Arguments">Its frozen arguments; null when they were too long to be recorded whole.</param>
public sealed record PastCall(DateTimeOffset Time, string Outcome, string Session, BoundArguments? Arguments);
