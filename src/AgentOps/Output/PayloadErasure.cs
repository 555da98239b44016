namespace AgentOps.Output;

/// <summary>What an erasure of payloads did.</summary>
public sealed record PayloadErasure
{
    /// <summary>The store.</summary>
    public required string Store { get; init; }

    /// <summary>Payloads from before this time were erased, UTC.</summary>
    public required DateTimeOffset OlderThan { get; init; }

    /// <summary>How many.</summary>
    public required long Erased { get; init; }
}
