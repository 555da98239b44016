namespace AgentOps.Build;

/// <summary>Ends a task with a sentence for the person who watches.</summary>
internal sealed class BuildFailedException(string message) : Exception(message);
