using System.Globalization;

namespace AgentOps.Output;

/// <summary>A share with its bootstrapped interval of 95 %.</summary>
public sealed record Estimate
{
    /// <summary>The share; below 0 where more is spent.</summary>
    public required double Value { get; init; }

    /// <summary>The lower bound.</summary>
    public required double Low { get; init; }

    /// <summary>The upper bound.</summary>
    public required double High { get; init; }

    internal static Estimate From(Engine.Routing.Quality.Estimate estimate) => new() { Value = estimate.Value, Low = estimate.Low, High = estimate.High };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{100 * Value:0.0} % ({100 * Low:0.0}-{100 * High:0.0})");
}
