namespace AgentOps.Engine.Providers;

/// <summary>Plain text.</summary>
/// <param name="Text">The text.</param>
public sealed record TextPart(string Text) : MessagePart
{
    /// <summary>A vendor's opaque signature of this part, echoed verbatim (Gemini's thought signature).</summary>
    public string? Signature { get; init; }
}
