namespace AgentOps.Simulation.Calibration;

/// <summary>Figures that a measured run may hold, all in milliseconds.</summary>
public enum Metric
{
    /// <summary>Mean time to the last token.</summary>
    EndToEndMean,

    /// <summary>Its 90th percentile.</summary>
    EndToEndP90,

    /// <summary>Its 99th percentile.</summary>
    EndToEndP99,

    /// <summary>(E2E − TTFT) / (output tokens − 1).</summary>
    InterTokenMean,

    /// <summary>Mean time to the first token.</summary>
    FirstTokenMean,

    /// <summary>Its 90th percentile.</summary>
    FirstTokenP90,

    /// <summary>Its 99th percentile.</summary>
    FirstTokenP99,
}
