namespace AgentOps.Engine.Providers;

/// <summary>The model's reasoning, where the vendor shows it; echoed verbatim in the next turn of a tool loop.</summary>
/// <param name="Text">The reasoning, or a summary of it; may be empty.</param>
/// <param name="Signature">The vendor's opaque signature; without it most vendors refuse the echo.</param>
public sealed record ReasoningPart(string Text, string? Signature) : MessagePart
{
    /// <summary>The signature stands for reasoning that the vendor withheld (Anthropic's redacted thinking).</summary>
    public bool Redacted { get; init; }
}
