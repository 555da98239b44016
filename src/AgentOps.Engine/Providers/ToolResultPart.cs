namespace AgentOps.Engine.Providers;

/// <summary>What a tool returned, or why it was refused.</summary>
/// <param name="CallId">The id of the call.</param>
/// <param name="Name">The tool's name.</param>
/// <param name="Content">Text, usually JSON.</param>
/// <param name="IsError">The call failed or was refused; <paramref name="Content"/> says why.</param>
public sealed record ToolResultPart(string CallId, string Name, string Content, bool IsError) : MessagePart;
