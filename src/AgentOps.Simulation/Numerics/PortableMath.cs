namespace AgentOps.Simulation.Numerics;

/// <summary>
/// Exponential and logarithm from IEEE additions, multiplications and divisions alone, so that a seed gives
/// the same bytes on every platform. The platform's own math library may differ in the last bit.
/// </summary>
public static class PortableMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>Natural logarithm; the relative error is below 1e-15.</summary>
    /// <param name="value">A positive, finite, normal number.</param>
    public static double Log(double value)
    {
        if (!(value > 0) || !double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "A logarithm needs a positive, finite number.");
        }

        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        // log(m) = 2 artanh((m − 1) / (m + 1)); |s| ≤ 0.1716, so eleven odd terms suffice.
        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var series = 0.0;
        for (var term = 23; term >= 1; term -= 2)
        {
            series = (series * square) + (1.0 / term);
        }

        return (exponent * Ln2High) + ((2 * s * series) + (exponent * Ln2Low));
    }

    /// <summary>e to the power of <paramref name="value"/>; the relative error is below 1e-14. Saturates at 0 and at the largest number.</summary>
    /// <param name="value">Any finite number.</param>
    public static double Exp(double value)
    {
        if (value < -708)
        {
            return 0;
        }

        if (value > 709)
        {
            return double.MaxValue;
        }

        var multiple = Math.Floor((value / 0.6931471805599453) + 0.5);
        var rest = value - (multiple * Ln2High) - (multiple * Ln2Low);
        var series = 1.0;
        for (var term = 14; term >= 1; term--)
        {
            series = 1 + (series * rest / term);
        }

        return series * BitConverter.Int64BitsToDouble(((long)multiple + 1023) << 52);
    }
}
