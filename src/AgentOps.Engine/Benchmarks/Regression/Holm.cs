namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>Holm's correction for several tests at once (Holm 1979).</summary>
public static class Holm
{
    /// <summary>The p values, adjusted: one below α is significant at α in the family as a whole. In the order given.</summary>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        var adjusted = new double[pValues.Count];
        var largest = 0.0;
        var left = pValues.Count;
        foreach (var index in Enumerable.Range(0, pValues.Count).OrderBy(index => pValues[index]))
        {
            largest = Math.Max(largest, Math.Min(1, pValues[index] * left--));
            adjusted[index] = largest;
        }

        return adjusted;
    }
}
