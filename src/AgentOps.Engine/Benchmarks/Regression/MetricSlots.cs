namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>One metric of one target: the median of each slot, in order. Larger is worse.</summary>
/// <param name="Metric">For example <c>ttft</c>.</param>
/// <param name="Medians">In seconds.</param>
public sealed record MetricSlots(string Metric, IReadOnlyList<double> Medians);
