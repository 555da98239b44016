namespace AgentOps.Simulation.Numerics;

/// <summary>
/// xoshiro256** (Blackman and Vigna, 2018, public domain) seeded through SplitMix64. The same seed and stream give
/// the same numbers on every platform.
/// </summary>
public sealed class RandomStream
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;
    private double _spareNormal;
    private bool _hasSpareNormal;

    /// <summary>Opens a stream.</summary>
    /// <param name="seed">The seed of the whole simulation.</param>
    /// <param name="stream">Which of its independent streams.</param>
    public RandomStream(ulong seed, ulong stream)
    {
        var state = seed ^ (stream * 0xD1B54A32D192ED03UL);
        _a = SplitMix(ref state);
        _b = SplitMix(ref state);
        _c = SplitMix(ref state);
        _d = SplitMix(ref state);
    }

    /// <summary>A uniform number in (0, 1), never 0 or 1.</summary>
    public double NextUniform() => ((NextBits() >> 11) + 0.5) * (1.0 / 9007199254740992.0);

    /// <summary>A uniform integer in [0, <paramref name="bound"/>).</summary>
    /// <param name="bound">A positive bound.</param>
    public int NextInteger(int bound) => (int)(((NextBits() >> 32) * (ulong)bound) >> 32);

    /// <summary>An exponential number of mean 1.</summary>
    public double NextExponential() => -PortableMath.Log(NextUniform());

    /// <summary>A standard normal number (polar method of Marsaglia).</summary>
    public double NextNormal()
    {
        if (_hasSpareNormal)
        {
            _hasSpareNormal = false;
            return _spareNormal;
        }

        double x, y, square;
        do
        {
            x = (2 * NextUniform()) - 1;
            y = (2 * NextUniform()) - 1;
            square = (x * x) + (y * y);
        }
        while (square >= 1 || square == 0);

        var scale = Math.Sqrt(-2 * PortableMath.Log(square) / square);
        _spareNormal = y * scale;
        _hasSpareNormal = true;
        return x * scale;
    }

    /// <summary>A gamma number of mean <paramref name="shape"/> and scale 1 (Marsaglia and Tsang, 2000).</summary>
    /// <param name="shape">A positive shape.</param>
    public double NextGamma(double shape)
    {
        if (shape < 1)
        {
            // Gamma(a) = Gamma(a + 1) · U^(1/a)
            return NextGamma(shape + 1) * PortableMath.Exp(PortableMath.Log(NextUniform()) / shape);
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = NextNormal();
            var v = 1 + (c * x);
            if (v <= 0)
            {
                continue;
            }

            v = v * v * v;
            if (PortableMath.Log(NextUniform()) < (0.5 * x * x) + d - (d * v) + (d * PortableMath.Log(v)))
            {
                return d * v;
            }
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    private ulong NextBits()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }
}
