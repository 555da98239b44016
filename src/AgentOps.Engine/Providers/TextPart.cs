namespace AgentOps.Engine.Providers;

/// <summary>Plain text.</summary>
/// <param name="Text">The text.</param>
public sealed record TextPart(string Text) : MessagePart;
