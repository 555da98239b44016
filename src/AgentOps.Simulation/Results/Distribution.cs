using AgentOps.Simulation.Numerics;

namespace AgentOps.Simulation.Results;

/// <summary>Mean and exact percentiles of a set of times, in milliseconds; percentiles interpolate linearly between ranks.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="P50">Median.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Maximum">The largest.</param>
public sealed record Distribution(double Mean, double P50, double P90, double P95, double P99, double Maximum)
{
    /// <summary>Of nothing.</summary>
    public static Distribution Empty { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>Works the figures out; sorts the given times in place.</summary>
    /// <param name="times">Picoseconds.</param>
    public static Distribution Of(Span<long> times)
    {
        if (times.IsEmpty)
        {
            return Empty;
        }

        Int128 sum = 0;
        foreach (var time in times)
        {
            sum += time;
        }

        times.Sort();
        return new Distribution(
            SimulationTime.ToMilliseconds((long)(sum / times.Length)),
            Quantile(times, 0.50),
            Quantile(times, 0.90),
            Quantile(times, 0.95),
            Quantile(times, 0.99),
            SimulationTime.ToMilliseconds(times[^1]));
    }

    private static double Quantile(ReadOnlySpan<long> sorted, double share)
    {
        var rank = share * (sorted.Length - 1);
        var below = (int)rank;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return SimulationTime.ToMilliseconds(sorted[below])
            + ((rank - below) * SimulationTime.ToMilliseconds(sorted[above] - sorted[below]));
    }
}
