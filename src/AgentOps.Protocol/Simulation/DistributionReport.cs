namespace AgentOps.Protocol.Simulation;

/// <summary>Mean and percentiles in milliseconds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="P50">Median.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Max">The largest.</param>
public sealed record DistributionReport(double Mean, double P50, double P90, double P95, double P99, double Max);
