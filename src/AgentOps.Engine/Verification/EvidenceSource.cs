namespace AgentOps.Engine.Verification;

/// <summary>
/// Where a value must come from: a path of a named tool's output, in a call, or an item of the output, that speaks of the same
/// thing as the call that is verified. The same number anywhere else proves nothing.
/// </summary>
public sealed record EvidenceSource
{
    /// <summary>The tool.</summary>
    public required string Tool { get; init; }

    /// <summary>The path of the value in the tool's JSON output, or in the item of <see cref="Each"/>.</summary>
    public required OutputPath Path { get; init; }

    /// <summary>The list in the output of which one item is meant; null where the output speaks of one thing.</summary>
    public OutputPath? Each { get; init; }

    /// <summary>Arguments of the tool's call that must equal arguments of the call that is verified: its parameter, our parameter.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> SameArguments { get; init; } = [];

    /// <summary>Paths of the output (or of the item) whose values must equal arguments of the call that is verified.</summary>
    public IReadOnlyList<KeyValuePair<OutputPath, string>> SameOutput { get; init; } = [];

    /// <summary>The oldest answer that still counts; null for any of the session.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>The path of the time until which the answer is good; null where it says none.</summary>
    public OutputPath? Expires { get; init; }

    /// <summary>For money: the path of its currency.</summary>
    public OutputPath? Currency { get; init; }
}
