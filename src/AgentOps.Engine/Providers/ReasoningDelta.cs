namespace AgentOps.Engine.Providers;

/// <summary>More reasoning, or the signature that ends a block of it.</summary>
/// <param name="Text">The text to append; may be empty when only the signature comes.</param>
/// <param name="Signature">The block's signature; the block ends with it.</param>
public sealed record ReasoningDelta(string Text, string? Signature) : ModelEvent
{
    /// <summary>The signature stands for a whole block that the vendor withheld.</summary>
    public bool Redacted { get; init; }
}
