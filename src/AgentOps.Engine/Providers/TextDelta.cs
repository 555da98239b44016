namespace AgentOps.Engine.Providers;

/// <summary>More text.</summary>
/// <param name="Text">The text to append; may be empty when only a signature comes.</param>
public sealed record TextDelta(string Text) : ModelEvent
{
    /// <summary>The signature of the text part that this delta ends.</summary>
    public string? Signature { get; init; }
}
