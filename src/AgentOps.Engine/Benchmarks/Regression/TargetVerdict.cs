namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>The gate's word on one target.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Metrics">Each metric's verdict.</param>
public sealed record TargetVerdict(string Target, IReadOnlyList<MetricVerdict> Metrics)
{
    /// <summary>Fail when any metric fails, else inconclusive when any is; a target without metrics is inconclusive.</summary>
    public GateOutcome Outcome => Metrics.Count == 0 ? GateOutcome.Inconclusive : Metrics.Max(metric => metric.Outcome);
}
