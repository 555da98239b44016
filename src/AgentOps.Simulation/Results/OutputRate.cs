using AgentOps.Simulation.Serving;

namespace AgentOps.Simulation.Results;

/// <summary>Answer tokens a second along a time series.</summary>
internal static class OutputRate
{
    /// <summary>
    /// Fills the rate in. A request's first token counts where it came, the others evenly from there to its last: exact in sum, and
    /// independent of whether the simulator jumped or stepped.
    /// </summary>
    /// <param name="series">The points, an interval apart from 0 on.</param>
    /// <param name="every">The interval.</param>
    /// <param name="outputTokens">Each request's answer, in tokens.</param>
    /// <param name="log">When each request's tokens came.</param>
    public static IReadOnlyList<TimeSeriesPoint> Over(IReadOnlyList<TimeSeriesPoint> series, TimeSpan every, int[] outputTokens, RequestLog log)
    {
        var interval = Math.Max(1, every.Ticks * 100_000);
        var tokens = new double[series.Count];

        // Tokens of whole intervals, as a difference to the interval before.
        var changes = new double[series.Count + 1];
        for (var request = 0; request < outputTokens.Length; request++)
        {
            var first = log.FirstToken[request];
            var last = log.Finished[request];
            if (last <= 0)
            {
                continue;
            }

            Add(tokens, first / interval, 1);
            if (last == first)
            {
                continue;
            }

            var perTime = (outputTokens[request] - 1) / (double)(last - first);
            var (from, to) = (first / interval, last / interval);
            if (from == to)
            {
                Add(tokens, from, outputTokens[request] - 1);
                continue;
            }

            Add(tokens, from, ((from + 1) * interval - first) * perTime);
            Add(tokens, to, (last - (to * interval)) * perTime);
            Add(changes, from + 1, interval * perTime);
            Add(changes, to, -interval * perTime);
        }

        var points = new TimeSeriesPoint[series.Count];
        double whole = 0;
        for (var i = 0; i < points.Length; i++)
        {
            whole += changes[i];
            points[i] = series[i] with { OutputTokensPerSecond = Math.Max(0, tokens[i] + whole) / every.TotalSeconds };
        }

        return points;
    }

    // What comes after the last full interval has no point.
    private static void Add(double[] sums, long index, double value)
    {
        if (index < sums.Length)
        {
            sums[index] += value;
        }
    }
}
