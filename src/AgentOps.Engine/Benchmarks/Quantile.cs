namespace AgentOps.Engine.Benchmarks;

/// <summary>Quantiles of raw samples.</summary>
public static class Quantile
{
    /// <summary>
    /// The smallest value that at least this share of the values does not exceed (nearest rank; the inverse of the empirical
    /// distribution). It is always one of the values.
    /// </summary>
    /// <param name="sorted">The values, ascending; at least one.</param>
    /// <param name="share">0 to 1.</param>
    public static double Of(IReadOnlyList<double> sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    /// <summary>The median; the mean of the middle two of an even number. NaN where there are none.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
