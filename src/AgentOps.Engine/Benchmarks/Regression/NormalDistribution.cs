namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>
    /// P(Z > z); relative error below 1.2e-7: the complementary error function by the Chebyshev fit of
    /// Numerical Recipes, section 6.2.
    /// </summary>
    public static double UpperTail(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + (0.5 * x));
        ReadOnlySpan<double> fit =
        [
            -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
        ];
        var sum = 0.0;
        for (var power = fit.Length - 1; power >= 0; power--)
        {
            sum = fit[power] + (t * sum);
        }

        var tail = 0.5 * t * Math.Exp((-x * x) + sum);
        return z >= 0 ? tail : 1 - tail;
    }

    /// <summary>The z whose upper tail is p, 0 &lt; p &lt; 1; by bisection, to 1e-9.</summary>
    public static double UpperQuantile(double p)
    {
        double low = -40, high = 40;
        while (high - low > 1e-9)
        {
            var middle = (low + high) / 2;
            (low, high) = UpperTail(middle) > p ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
