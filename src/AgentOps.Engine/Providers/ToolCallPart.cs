namespace AgentOps.Engine.Providers;

/// <summary>A tool call that the model proposes. Nothing has judged it yet.</summary>
/// <param name="Id">The call's id, which its result must name.</param>
/// <param name="Name">The tool's name.</param>
/// <param name="ArgumentsJson">The arguments as the model wrote them: JSON text, possibly malformed.</param>
public sealed record ToolCallPart(string Id, string Name, string ArgumentsJson) : MessagePart;
