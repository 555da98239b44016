namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>What the gate knows of one target: slots, because calls in one slot are correlated and count as one observation.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Metrics">Each metric's slots.</param>
/// <param name="Calls">All calls.</param>
/// <param name="Failures">Of those, failed.</param>
public sealed record TargetSlots(string Target, IReadOnlyList<MetricSlots> Metrics, int Calls, int Failures);
