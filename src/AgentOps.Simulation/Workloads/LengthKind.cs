namespace AgentOps.Simulation.Workloads;

/// <summary>The shape of a distribution of token counts.</summary>
public enum LengthKind
{
    /// <summary>Always the mean.</summary>
    Fixed,

    /// <summary>Normal.</summary>
    Normal,

    /// <summary>Lognormal with the given mean and deviation.</summary>
    Lognormal,

    /// <summary>Uniform over mean ± deviation.</summary>
    Uniform,

    /// <summary>Drawn from given values.</summary>
    Empirical,
}
