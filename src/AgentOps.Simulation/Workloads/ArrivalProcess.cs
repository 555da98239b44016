namespace AgentOps.Simulation.Workloads;

/// <summary>How gaps between arrivals are drawn.</summary>
public enum ArrivalProcess
{
    /// <summary>Exponential gaps.</summary>
    Poisson,

    /// <summary>Gamma gaps with a given coefficient of variation: bursts above 1, regularity below.</summary>
    Gamma,

    /// <summary>Equal gaps.</summary>
    Constant,

    /// <summary>Exponential gaps scaled so that a stage has exactly rate × duration requests, as some load generators do.</summary>
    NormalizedPoisson,
}
