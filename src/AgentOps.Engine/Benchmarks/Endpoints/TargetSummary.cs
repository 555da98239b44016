using AgentOps.Engine.Benchmarks.Regression;

namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>What the samples of one target say. Latencies are of the calls that succeeded; failures are counted beside.</summary>
public sealed record TargetSummary
{
    /// <summary>The metrics that the gate compares, besides errors.</summary>
    internal static IReadOnlyList<string> GatedMetrics { get; } = ["ttft", "tpot", "e2e"];

    /// <summary>The target.</summary>
    public required string Target { get; init; }

    /// <summary>Measured calls.</summary>
    public int Calls { get; init; }

    /// <summary>Of those, failed.</summary>
    public int Failures { get; init; }

    /// <summary>Failures by class.</summary>
    public IReadOnlyDictionary<CallError, int> Errors { get; init; } = new Dictionary<CallError, int>();

    /// <summary>The wall time that the calls took, in seconds: the planned time, or more where calls ended after it.</summary>
    public double Duration { get; init; }

    /// <summary>To the response's headers.</summary>
    public MetricSummary? Headers { get; init; }

    /// <summary>To the first delta of any kind.</summary>
    public MetricSummary? FirstDelta { get; init; }

    /// <summary>To the first delta of text.</summary>
    public MetricSummary? FirstText { get; init; }

    /// <summary>Mean time of a further token.</summary>
    public MetricSummary? TimePerOutputToken { get; init; }

    /// <summary>Raw gaps between content events of all calls.</summary>
    public MetricSummary? Gaps { get; init; }

    /// <summary>To the end of the answer.</summary>
    public MetricSummary? EndToEnd { get; init; }

    /// <summary>Output tokens a second, call by call.</summary>
    public MetricSummary? TokensPerSecond { get; init; }

    /// <summary>How late calls were sent: the client's own error in an open loop.</summary>
    public MetricSummary? SendLag { get; init; }

    /// <summary>Calls that met all objectives.</summary>
    public int GoodCalls { get; init; }

    /// <summary>Good calls a second.</summary>
    public double Goodput => Duration > 0 ? GoodCalls / Duration : 0;

    /// <summary>Output tokens of all calls, reasoning included.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Of those, reasoning.</summary>
    public long ReasoningTokens { get; init; }

    /// <summary>What all calls cost in USD, warm-up and questions included; null where no price is known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The first call on a new connection; null where the run has none.</summary>
    public CallSample? Cold { get; init; }

    /// <summary>Questions asked.</summary>
    public int Questions { get; init; }

    /// <summary>Questions answered right.</summary>
    public int Correct { get; init; }

    /// <summary>Summarizes each target, in the order of the names given.</summary>
    public static IReadOnlyList<TargetSummary> Of(
        IReadOnlyList<string> targets, IReadOnlyCollection<CallSample> samples, ServiceObjective objective, TimeSpan planned)
    {
        var byTarget = samples.ToLookup(sample => sample.Target, StringComparer.OrdinalIgnoreCase);
        return [.. targets.Select(target => Of(target, [.. byTarget[target]], objective, planned))];
    }

    /// <summary>What the gate compares: for each metric the median of each slot that has a successful call.</summary>
    public static TargetSlots SlotsOf(string target, IEnumerable<CallSample> samples)
    {
        var measured = samples.Where(sample => sample.Phase == CallPhase.Measured
            && string.Equals(sample.Target, target, StringComparison.OrdinalIgnoreCase)).ToArray();
        return new TargetSlots(
            target,
            [
                Slots("ttft", sample => sample.FirstDelta),
                Slots("tpot", sample => sample.TimePerOutputToken),
                Slots("e2e", sample => sample.EndToEnd),
            ],
            measured.Length,
            measured.Count(sample => sample.Error is not null));

        MetricSlots Slots(string name, Func<CallSample, double?> metric) => new(
            name,
            [
                .. measured.Where(sample => sample.Error is null && metric(sample) is not null)
                    .GroupBy(sample => sample.Slot)
                    .OrderBy(slot => slot.Key)
                    .Select(slot => Quantile.Median(slot.Select(sample => metric(sample)!.Value))),
            ]);
    }

    private static TargetSummary Of(string target, IReadOnlyList<CallSample> samples, ServiceObjective objective, TimeSpan planned)
    {
        var measured = samples.Where(sample => sample.Phase == CallPhase.Measured).ToArray();
        var good = measured.Where(sample => sample.Error is null).ToArray();
        var questions = samples.Where(sample => sample.Phase == CallPhase.Question).ToArray();
        return new TargetSummary
        {
            Target = target,
            Calls = measured.Length,
            Failures = measured.Length - good.Length,
            Errors = measured.Where(sample => sample.Error is not null).GroupBy(sample => sample.Error!.Value)
                .OrderBy(group => group.Key).ToDictionary(group => group.Key, group => group.Count()),
            Duration = Math.Max(planned.TotalSeconds, measured.Length == 0 ? 0 : measured.Max(sample => sample.Intended + sample.EndToEnd)),
            Headers = Summary(sample => sample.Headers),
            FirstDelta = Summary(sample => sample.FirstDelta),
            FirstText = Summary(sample => sample.FirstText),
            TimePerOutputToken = Summary(sample => sample.TimePerOutputToken),
            Gaps = MetricSummary.Of(good.SelectMany(sample => sample.Gaps)),
            EndToEnd = Summary(sample => sample.EndToEnd),
            TokensPerSecond = Summary(sample => sample.TokensPerSecond),
            SendLag = MetricSummary.Of(measured.Select(sample => sample.SendLag)),
            GoodCalls = measured.Count(objective.IsMetBy),
            OutputTokens = measured.Sum(sample => sample.Usage.OutputTokens),
            ReasoningTokens = measured.Sum(sample => sample.Usage.ReasoningTokens),
            Cost = samples.Any(sample => sample.Cost is not null) ? samples.Sum(sample => sample.Cost ?? 0) : null,
            Cold = samples.LastOrDefault(sample => sample.Phase == CallPhase.Cold),
            Questions = questions.Length,
            Correct = questions.Count(sample => sample.IsCorrect == true),
        };

        MetricSummary? Summary(Func<CallSample, double?> metric) =>
            MetricSummary.Of(good.Select(metric).Where(value => value is not null).Select(value => value!.Value));
    }
}
