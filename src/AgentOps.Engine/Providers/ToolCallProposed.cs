namespace AgentOps.Engine.Providers;

/// <summary>A tool call, whole: its arguments are complete, though possibly malformed JSON.</summary>
/// <param name="Call">The call.</param>
public sealed record ToolCallProposed(ToolCallPart Call) : ModelEvent;
