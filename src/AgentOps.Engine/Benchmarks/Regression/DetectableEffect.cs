namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>What a comparison of this size on data of this noise can find.</summary>
internal static class DetectableEffect
{
    /// <summary>
    /// The smallest ratio that the Mann-Whitney test finds with the given power. Noether (1987): the test needs
    /// P(X &lt; Y) = ½ + (z_α + z_β) / √(12 c (1 − c) N); the ratio that gives it is that quantile of the ratios of all pairs of slots.
    /// </summary>
    /// <param name="slots">The slots that the noise is taken from.</param>
    /// <param name="baselineSlots">How many slots the baseline has.</param>
    /// <param name="currentSlots">How many slots are compared with it.</param>
    /// <param name="alpha">The significance.</param>
    /// <param name="power">The share of such effects that are to be found.</param>
    /// <returns>The ratio, above 1; infinite where no effect, however large, would be found.</returns>
    public static double Ratio(IReadOnlyList<double> slots, int baselineSlots, int currentSlots, double alpha, double power)
    {
        double all = baselineSlots + currentSlots;
        var share = baselineSlots / all;
        var needed = 0.5 + ((NormalDistribution.UpperQuantile(alpha) + NormalDistribution.UpperQuantile(1 - power))
            / Math.Sqrt(12 * share * (1 - share) * all));
        if (needed >= 1 || slots.Count < 2)
        {
            return double.PositiveInfinity;
        }

        var ratios = new List<double>(slots.Count * (slots.Count - 1));
        for (var i = 0; i < slots.Count; i++)
        {
            for (var j = 0; j < slots.Count; j++)
            {
                if (i != j && slots[j] > 0)
                {
                    ratios.Add(slots[i] / slots[j]);
                }
            }
        }

        ratios.Sort();
        return ratios.Count == 0 ? double.PositiveInfinity : Math.Max(1, Quantile.Of(ratios, needed));
    }

    /// <summary>The smallest share of failures that Fisher's test finds with the given power; 1 where none would be found.</summary>
    public static double ErrorRate(int baselineFailures, int baselineCalls, int calls, double alpha, double power)
    {
        var needed = 0;
        while (needed <= calls && FisherExact.PValueGreater(needed, calls, baselineFailures, baselineCalls) >= alpha)
        {
            needed++;
        }

        if (needed > calls)
        {
            return 1;
        }

        double low = 0, high = 1;
        while (high - low > 1e-4)
        {
            var middle = (low + high) / 2;
            (low, high) = FisherExact.BinomialTail(needed, calls, middle) < power ? (middle, high) : (low, middle);
        }

        return high;
    }
}
