using AgentOps.Engine.Providers;

namespace AgentOps.Output;

/// <summary>What one small call of a provider showed. Null: the call did not get so far that it could show it.</summary>
public sealed record ProviderTest
{
    /// <summary>The provider.</summary>
    public required string Name { get; init; }

    /// <summary>Its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The model that was called.</summary>
    public string? Model { get; init; }

    /// <summary>It answers at its address.</summary>
    public bool? Reachable { get; init; }

    /// <summary>It takes the credential.</summary>
    public bool? Authenticated { get; init; }

    /// <summary>The model gave an answer: the provider can be used.</summary>
    public required bool Answered { get; init; }

    /// <summary>To the first part of the answer.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>What the call cost in USD; null where no price is known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>What came of it.</summary>
    public required string Detail { get; init; }

    internal static ProviderTest From(ProviderCheck check) => new()
    {
        Name = check.Provider,
        Kind = check.Kind,
        Model = check.Model,
        Reachable = check.IsReachable,
        Authenticated = check.IsAuthenticated,
        Answered = check.HasAnswered,
        Latency = check.Latency,
        Cost = check.Cost,
        Detail = check.Detail,
    };
}
