namespace AgentOps.Engine.Routing;

/// <summary>How sessions ended, of those whose end says something about the model.</summary>
/// <param name="Completed">With an answer.</param>
/// <param name="Ended">With an answer, or at a limit without one.</param>
public readonly record struct OutcomeCount(long Completed, long Ended);
