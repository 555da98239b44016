namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>One metric over all samples of a target, pooled and raw; seconds unless the metric is a rate.</summary>
/// <param name="Count">Samples.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">The 90th percentile.</param>
/// <param name="P99">The 99th percentile; null below 1,000 samples, which would not carry it.</param>
public sealed record MetricSummary(int Count, double Mean, double P50, double P90, double? P99)
{
    /// <summary>Samples from which on a 99th percentile is stated.</summary>
    public const int LeastForP99 = 1000;

    /// <summary>Summarizes; null where there are no samples.</summary>
    public static MetricSummary? Of(IEnumerable<double> values)
    {
        var sorted = values.ToArray();
        if (sorted.Length == 0)
        {
            return null;
        }

        Array.Sort(sorted);
        return new MetricSummary(
            sorted.Length,
            sorted.Average(),
            Quantile.Of(sorted, 0.5),
            Quantile.Of(sorted, 0.9),
            sorted.Length >= LeastForP99 ? Quantile.Of(sorted, 0.99) : null);
    }
}
