namespace AgentOps.Engine.Providers;

/// <summary>The model's reasoning, where the vendor shows it; echoed verbatim in the next turn of a tool loop.</summary>
/// <param name="Text">The reasoning, or a summary of it; may be empty.</param>
public sealed record ReasoningPart(string Text) : MessagePart
{
    /// <summary>Reasoning with its signature, without which most vendors refuse the echo.</summary>
    public ReasoningPart(string text, string? signature)
        : this(text) => Signature = signature;

    /// <summary>The signature stands for reasoning that the vendor withheld (Anthropic's redacted thinking).</summary>
    public bool Redacted { get; init; }
}
