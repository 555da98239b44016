using AgentOps.Simulation.Numerics;

namespace AgentOps.Simulation.Workloads;

/// <summary>A distribution of token counts.</summary>
public sealed record LengthDistribution
{
    /// <summary>Its shape.</summary>
    public LengthKind Kind { get; init; }

    /// <summary>Mean in tokens.</summary>
    public double Mean { get; init; }

    /// <summary>Standard deviation in tokens; half the width of a uniform distribution.</summary>
    public double Deviation { get; init; }

    /// <summary>The least count.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>The largest count.</summary>
    public int Maximum { get; init; } = int.MaxValue;

    /// <summary>The values of an empirical distribution.</summary>
    public IReadOnlyList<int> Values { get; init; } = [];

    /// <summary>Always the same count.</summary>
    /// <param name="tokens">Tokens.</param>
    public static LengthDistribution Of(int tokens) => new() { Mean = tokens };

    /// <summary>Draws a count.</summary>
    /// <param name="random">Where randomness comes from.</param>
    public int Draw(RandomStream random)
    {
        var value = Kind switch
        {
            LengthKind.Normal => Mean + (Deviation * random.NextNormal()),
            LengthKind.Lognormal => Lognormal(random),
            LengthKind.Uniform => Mean + (Deviation * ((2 * random.NextUniform()) - 1)),
            LengthKind.Empirical => Values[random.NextInteger(Values.Count)],
            _ => Mean,
        };
        return (int)Math.Clamp(Math.Floor(value + 0.5), Math.Max(1, Minimum), Maximum);
    }

    private double Lognormal(RandomStream random)
    {
        var ratio = Deviation / Mean;
        var variance = PortableMath.Log(1 + (ratio * ratio));
        return PortableMath.Exp(PortableMath.Log(Mean) - (variance / 2) + (Math.Sqrt(variance) * random.NextNormal()));
    }
}
