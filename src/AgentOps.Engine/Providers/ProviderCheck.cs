namespace AgentOps.Engine.Providers;

/// <summary>What one small call of a provider showed. Null: the call did not get so far that it could show it.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Model">The model that was called; null where none is known.</param>
public sealed record ProviderCheck(string Provider, string Kind, string? Model)
{
    /// <summary>It answers at its address at all.</summary>
    public bool? IsReachable { get; init; }

    /// <summary>It takes the credential.</summary>
    public bool? IsAuthenticated { get; init; }

    /// <summary>The model gave an answer.</summary>
    public bool HasAnswered { get; init; }

    /// <summary>To the first delta; null without an answer.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>What the call cost in US dollars; null where no price is known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>What came of it, in words; never a secret.</summary>
    public required string Detail { get; init; }
}
