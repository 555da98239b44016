using System.Globalization;
using AgentOps.Engine.Benchmarks.Endpoints;

namespace AgentOps.Output;

/// <summary>One latency over all calls of a target that succeeded, pooled and raw.</summary>
public sealed record LatencySummary
{
    /// <summary>Samples.</summary>
    public required int Count { get; init; }

    /// <summary>Their mean.</summary>
    public required TimeSpan Mean { get; init; }

    /// <summary>The median.</summary>
    public required TimeSpan P50 { get; init; }

    /// <summary>The 90th percentile.</summary>
    public required TimeSpan P90 { get; init; }

    /// <summary>The 99th percentile; null below 1,000 samples, which would not carry it.</summary>
    public TimeSpan? P99 { get; init; }

    /// <summary>The median, 90th and 99th percentile in milliseconds.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"p50 {P50.TotalMilliseconds:0.0}, p90 {P90.TotalMilliseconds:0.0}{(P99 is { } p99 ? $", p99 {p99.TotalMilliseconds:0.0}" : "")} ms ({Count:#,0})");

    internal static LatencySummary? From(MetricSummary? summary) => summary is null ? null : new LatencySummary
    {
        Count = summary.Count,
        Mean = TimeSpan.FromSeconds(summary.Mean),
        P50 = TimeSpan.FromSeconds(summary.P50),
        P90 = TimeSpan.FromSeconds(summary.P90),
        P99 = summary.P99 is { } p99 ? TimeSpan.FromSeconds(p99) : null,
    };
}
