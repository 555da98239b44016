namespace AgentOps.Engine.Providers;

/// <summary>
/// One piece of a message: <see cref="TextPart"/>, <see cref="ImagePart"/>, <see cref="ReasoningPart"/>,
/// <see cref="ToolCallPart"/> or <see cref="ToolResultPart"/>. No other kinds exist.
/// </summary>
public abstract record MessagePart
{
    private protected MessagePart()
    {
    }

    /// <summary>A vendor's opaque signature of this part, which goes back to it verbatim (Anthropic's of thinking, Gemini's of thoughts); null for none.</summary>
    public string? Signature { get; init; }
}
