using System.Globalization;
using AgentOps.Engine.Benchmarks.Agents;

namespace AgentOps.Output;

/// <summary>A share with its 95 % confidence interval (Wilson).</summary>
public sealed record Share
{
    /// <summary>How often it happened.</summary>
    public required long Count { get; init; }

    /// <summary>Out of how many.</summary>
    public required long Of { get; init; }

    /// <summary>The share, 0 to 1; null out of none.</summary>
    public double? Value { get; init; }

    /// <summary>The lower bound, 0 to 1.</summary>
    public required double Low { get; init; }

    /// <summary>The upper bound, 0 to 1.</summary>
    public required double High { get; init; }

    internal static Share From(WilsonInterval interval) => new()
    {
        Count = interval.Count,
        Of = interval.Of,
        Value = interval.Of == 0 ? null : interval.Share,
        Low = interval.Low,
        High = interval.High,
    };

    /// <inheritdoc/>
    public override string ToString() => Value is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.0} % ({100 * Low:0.0}-{100 * High:0.0})")
        : "-";
}
