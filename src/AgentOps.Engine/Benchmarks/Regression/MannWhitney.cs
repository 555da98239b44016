namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>
/// The one-sided Mann-Whitney test (Mann and Whitney 1947). Exact for up to 50 values without ties; else the normal approximation
/// with the correction for ties and continuity.
/// </summary>
public static class MannWhitney
{
    private const int LargestExact = 50;

    /// <summary>How probable a sample this much larger than the reference is when both come from one distribution.</summary>
    /// <param name="sample">What may have become larger; at least one value.</param>
    /// <param name="reference">What it is compared with; at least one value.</param>
    /// <returns>p, from 0 to 1.</returns>
    public static double PValueGreater(IReadOnlyList<double> sample, IReadOnlyList<double> reference)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sample.Count);
        ArgumentOutOfRangeException.ThrowIfZero(reference.Count);
        var (statistic, ties) = Statistic(sample, reference);
        return ties == 0 && sample.Count + reference.Count <= LargestExact
            ? ExactTail(sample.Count, reference.Count, (int)statistic)
            : NormalTail(sample.Count, reference.Count, statistic, ties);
    }

    /// <summary>U: pairs in which the sample's value is the larger, ties counted half; and the sum of t³ − t over groups of ties.</summary>
    private static (double U, double Ties) Statistic(IReadOnlyList<double> sample, IReadOnlyList<double> reference)
    {
        var all = sample.Select(value => (Value: value, IsSample: true))
            .Concat(reference.Select(value => (Value: value, IsSample: false)))
            .OrderBy(item => item.Value)
            .ToArray();
        double ranks = 0, ties = 0;
        for (var start = 0; start < all.Length;)
        {
            var end = start;
            var ours = 0;
            while (end < all.Length && all[end].Value == all[start].Value)
            {
                ours += all[end++].IsSample ? 1 : 0;
            }

            double size = end - start;
            ranks += ours * (start + 1 + end) / 2.0;
            ties += (size * size * size) - size;
            start = end;
        }

        return (ranks - (sample.Count * (sample.Count + 1) / 2.0), ties);
    }

    /// <summary>P(U ≥ u). The counts of U are the coefficients of the Gaussian binomial, whole numbers below 2^53 at this size.</summary>
    private static double ExactTail(int n, int m, int u)
    {
        var counts = new double[(n * m) + 1];
        counts[0] = 1;
        for (var factor = 1; factor <= n; factor++)
        {
            for (var degree = counts.Length - 1; degree >= m + factor; degree--)
            {
                counts[degree] -= counts[degree - m - factor];
            }

            for (var degree = factor; degree < counts.Length; degree++)
            {
                counts[degree] += counts[degree - factor];
            }
        }

        return Math.Min(1, counts.Skip(u).Sum() / counts.Sum());
    }

    private static double NormalTail(double n, double m, double u, double ties)
    {
        var all = n + m;
        var variance = n * m / 12 * (all + 1 - (ties / (all * (all - 1))));
        return variance <= 0 ? 1 : NormalDistribution.UpperTail((u - (n * m / 2) - 0.5) / Math.Sqrt(variance));
    }
}
