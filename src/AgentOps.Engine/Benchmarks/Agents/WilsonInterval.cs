namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>A share with its 95 % confidence interval after Wilson (1927), which is right for rare events and for none at all.</summary>
/// <param name="Count">How often it happened.</param>
/// <param name="Of">Out of how many.</param>
public readonly record struct WilsonInterval(long Count, long Of)
{
    // The 97.5 % point of the normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>The share, from 0 to 1; NaN out of none.</summary>
    public double Share => Of == 0 ? double.NaN : (double)Count / Of;

    /// <summary>The lower bound.</summary>
    public double Low => Of == 0 ? 0 : Count == 0 ? 0 : Center - Reach;

    /// <summary>The upper bound.</summary>
    public double High => Of == 0 ? 1 : Count == Of ? 1 : Center + Reach;

    private double Center => (Share + (Z * Z / (2 * Of))) / (1 + (Z * Z / Of));

    private double Reach => Z / (1 + (Z * Z / Of)) * Math.Sqrt((Share * (1 - Share) / Of) + (Z * Z / (4.0 * Of * Of)));
}
