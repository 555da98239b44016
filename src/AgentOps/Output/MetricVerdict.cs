namespace AgentOps.Output;

/// <summary>The gate's word on one metric of one target.</summary>
public sealed record MetricVerdict
{
    /// <summary>For example <c>ttft</c>, <c>tpot</c>, <c>e2e</c>, <c>errors</c>, <c>answers</c>.</summary>
    public required string Metric { get; init; }

    /// <summary><c>Pass</c>, <c>Fail</c> or <c>Inconclusive</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Current over baseline; NaN where the baseline is zero or absent.</summary>
    public required double Ratio { get; init; }

    /// <summary>That the run is no worse, adjusted for the number of metrics; NaN where nothing could be tested.</summary>
    public required double PValue { get; init; }

    /// <summary>The smallest ratio (for errors: the smallest rate) that would be found in 90 of 100 runs.</summary>
    public required double Detectable { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The metric and its outcome.</summary>
    public override string ToString() => $"{Metric}: {Outcome}";

    internal static MetricVerdict From(Engine.Benchmarks.Regression.MetricVerdict verdict) => new()
    {
        Metric = verdict.Metric,
        Outcome = verdict.Outcome.ToString(),
        Ratio = verdict.Ratio,
        PValue = verdict.PValue,
        Detectable = verdict.Detectable,
        Reason = verdict.Reason,
    };
}
