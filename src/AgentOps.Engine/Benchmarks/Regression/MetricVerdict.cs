namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>The gate's word on one metric of one target.</summary>
/// <param name="Metric">For example <c>ttft</c>; <c>errors</c> for the error rate.</param>
/// <param name="Outcome">Pass, fail or inconclusive.</param>
/// <param name="Baseline">The baseline's median of slot medians in seconds; for errors the rate, 0 to 1.</param>
/// <param name="Current">The same of the run.</param>
/// <param name="PValue">That the run is no worse, adjusted by Holm; NaN where nothing could be tested.</param>
/// <param name="Detectable">The smallest ratio (for errors: the smallest rate) found with the gate's power.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record MetricVerdict(
    string Metric, GateOutcome Outcome, double Baseline, double Current, double PValue, double Detectable, string Reason)
{
    /// <summary>Current over baseline; NaN where the baseline is zero or absent.</summary>
    public double Ratio => Baseline > 0 ? Current / Baseline : double.NaN;
}
