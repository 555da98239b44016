namespace AgentOps.Simulation.Models;

/// <summary>What a number format weighs.</summary>
public static class PrecisionExtensions
{
    /// <summary>Bytes a value takes, scales included.</summary>
    /// <param name="precision">The format.</param>
    public static double Bytes(this Precision precision) => precision switch
    {
        Precision.Half => 2,
        Precision.Float8 or Precision.Integer8 => 1,
        Precision.Float4 => 0.5625,
        _ => throw new ArgumentOutOfRangeException(nameof(precision)),
    };
}
