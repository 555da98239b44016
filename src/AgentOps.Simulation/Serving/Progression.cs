namespace AgentOps.Simulation.Serving;

/// <summary>Arithmetic progressions of step times, in whole picoseconds.</summary>
internal static class Progression
{
    /// <summary>The sum of the first so many terms.</summary>
    public static long Sum(long first, long growth, long steps) => (steps * first) + (growth * (steps * (steps - 1) / 2));

    /// <summary>The least number of terms, at least 1, whose sum reaches a distance.</summary>
    public static long StepsToReach(long first, long growth, long distance)
    {
        if (distance <= first)
        {
            return 1;
        }

        if (growth == 0)
        {
            return (distance + first - 1) / first;
        }

        // The root of growth/2 n² + (first − growth/2) n = distance, in the form that loses no digits; then mended by whole steps.
        var linear = first - (growth * 0.5);
        var root = 2.0 * distance / (linear + Math.Sqrt((linear * linear) + (2.0 * growth * distance)));
        var steps = Math.Max(1, (long)root);
        while (Sum(first, growth, steps) < distance)
        {
            steps++;
        }

        while (steps > 1 && Sum(first, growth, steps - 1) >= distance)
        {
            steps--;
        }

        return steps;
    }
}
