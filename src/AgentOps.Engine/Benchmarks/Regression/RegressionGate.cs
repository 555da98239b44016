using System.Globalization;

namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>
/// Compares a run with a baseline, target by target. A metric fails when the Mann-Whitney test on slot medians is significant
/// (Holm across the target's metrics) and the ratio of medians exceeds the least ratio; errors by Fisher's exact test. A metric
/// passes only when the same test rules out the ratio that matters. Everything between is inconclusive.
/// </summary>
public sealed class RegressionGate(GateOptions? options = null)
{
    /// <summary>The name of the error rate among the metrics.</summary>
    public const string Errors = "errors";

    private readonly GateOptions _options = options ?? new GateOptions();

    /// <summary>Judges one run. A failure is a suspicion until <see cref="Confirm"/> has seen a second run.</summary>
    public TargetVerdict Judge(TargetSlots baseline, TargetSlots current)
    {
        // Answers of one token have no time per token: what neither run has is no metric of theirs, unless they have none at all.
        var known = baseline.Metrics.Where(metric => metric.Medians.Count > 0 || Slots(current, metric.Metric).Count > 0).ToArray();
        return Judge(baseline, current, [.. (known.Length > 0 ? known : baseline.Metrics).Select(metric => metric.Metric), Errors]);
    }

    /// <summary>What remains of a first verdict after a second run: a metric fails only when it fails again.</summary>
    public TargetVerdict Confirm(TargetVerdict first, TargetSlots baseline, TargetSlots rerun)
    {
        var suspected = first.Metrics.Where(metric => metric.Outcome == GateOutcome.Fail).Select(metric => metric.Metric).ToArray();
        var second = Judge(baseline, rerun, suspected).Metrics.ToDictionary(metric => metric.Metric);
        return first with
        {
            Metrics =
            [
                .. first.Metrics.Select(metric => metric.Outcome != GateOutcome.Fail ? metric
                    : second[metric.Metric] is { Outcome: GateOutcome.Fail } again ? again with { Reason = $"{metric.Reason} A second run agrees: {again.Reason}" }
                    : metric with
                    {
                        Outcome = GateOutcome.Inconclusive,
                        Reason = $"{metric.Reason} A second run does not confirm it: {second[metric.Metric].Reason}",
                    }),
            ],
        };
    }

    private TargetVerdict Judge(TargetSlots baseline, TargetSlots current, IReadOnlyList<string> metrics)
    {
        var tests = metrics.Select(metric => metric == Errors ? TestErrors(baseline, current) : TestMetric(metric, baseline, current)).ToArray();
        var testable = tests.Where(test => test.Untestable is null).ToArray();
        var adjusted = Holm.Adjust([.. testable.Select(test => test.PValue)]);
        var alpha = _options.Alpha / Math.Max(1, testable.Length);
        var byMetric = testable.Zip(adjusted).ToDictionary(pair => pair.First.Metric, pair => pair.Second);
        return new TargetVerdict(current.Target, [.. tests.Select(test => Verdict(test, byMetric.GetValueOrDefault(test.Metric, double.NaN), alpha))]);
    }

    private MetricVerdict Verdict(MetricTest test, double p, double alpha)
    {
        if (test.Untestable is { } reason)
        {
            return new MetricVerdict(test.Metric, GateOutcome.Inconclusive, test.Baseline, test.Current, double.NaN, double.PositiveInfinity, reason);
        }

        var detectable = test.Detectable(alpha);
        var change = Change(test);
        var (outcome, words) = (p < _options.Alpha, test.IsLarge, test.IsRuledOut(detectable)) switch
        {
            (true, true, _) => (GateOutcome.Fail, string.Create(CultureInfo.InvariantCulture, $"{change} (p = {p:0.0000}).")),
            (_, _, true) => (GateOutcome.Pass, $"{change}; {test.RuledOut} is ruled out."),
            _ => (GateOutcome.Inconclusive, string.Create(CultureInfo.InvariantCulture,
                $"{change} (p = {p:0.0000}); {test.RuledOut} can be neither shown nor ruled out: the least that would be found is {Effect(test, detectable)}.")),
        };
        return new MetricVerdict(test.Metric, outcome, test.Baseline, test.Current, p, detectable, words);
    }

    private MetricTest TestMetric(string metric, TargetSlots baseline, TargetSlots current)
    {
        var before = Slots(baseline, metric);
        var now = Slots(current, metric);
        if (before.Count < _options.BaselineSlots || now.Count < _options.CurrentSlots)
        {
            return new MetricTest(metric, Quantile.Median(before), Quantile.Median(now))
            {
                Untestable = string.Create(CultureInfo.InvariantCulture,
                    $"Too few slots: {before.Count} of {_options.BaselineSlots} in the baseline, {now.Count} of {_options.CurrentSlots} now."),
            };
        }

        var (from, to) = (Quantile.Median(before), Quantile.Median(now));
        return new MetricTest(metric, from, to)
        {
            PValue = MannWhitney.PValueGreater(now, before),
            IsLarge = to > from * _options.LeastRatio,
            RuledOut = string.Create(CultureInfo.InvariantCulture, $"a rise of {100 * (_options.RuledOutRatio - 1):0} %"),
            IsRuledOut = _ => MannWhitney.PValueGreater([.. before.Select(slot => slot * _options.RuledOutRatio)], now) < _options.Alpha,
            Detectable = alpha => DetectableEffect.Ratio(before, before.Count, now.Count, alpha, _options.Power),
        };
    }

    private MetricTest TestErrors(TargetSlots baseline, TargetSlots current)
    {
        if (baseline.Calls == 0 || current.Calls == 0)
        {
            return new MetricTest(Errors, double.NaN, double.NaN) { Untestable = "No calls." };
        }

        var (from, to) = ((double)baseline.Failures / baseline.Calls, (double)current.Failures / current.Calls);
        return new MetricTest(Errors, from, to)
        {
            PValue = FisherExact.PValueGreater(current.Failures, current.Calls, baseline.Failures, baseline.Calls),
            IsLarge = to > from * _options.LeastRatio,
            RuledOut = string.Create(CultureInfo.InvariantCulture, $"a rise of the error rate by {100 * _options.RuledOutErrorRise:0} points"),
            IsRuledOut = detectable => detectable - from <= _options.RuledOutErrorRise && to - from < _options.RuledOutErrorRise,
            Detectable = alpha => DetectableEffect.ErrorRate(baseline.Failures, baseline.Calls, current.Calls, alpha, _options.Power),
        };
    }

    private static IReadOnlyList<double> Slots(TargetSlots target, string metric) =>
        target.Metrics.FirstOrDefault(slots => slots.Metric == metric)?.Medians ?? [];

    private static string Change(MetricTest test) => test.Metric == Errors
        ? string.Create(CultureInfo.InvariantCulture, $"Error rate {100 * test.Baseline:0.0} % → {100 * test.Current:0.0} %")
        : string.Create(CultureInfo.InvariantCulture, $"Median {1000 * test.Baseline:0.#} ms → {1000 * test.Current:0.#} ms, {100 * ((test.Current / test.Baseline) - 1):+0;-0;0} %");

    private static string Effect(MetricTest test, double detectable) => double.IsPositiveInfinity(detectable)
        ? "more than can be stated"
        : test.Metric == Errors
            ? string.Create(CultureInfo.InvariantCulture, $"an error rate of {100 * detectable:0.0} %")
            : string.Create(CultureInfo.InvariantCulture, $"{100 * (detectable - 1):+0} %");

    private sealed record MetricTest(string Metric, double Baseline, double Current)
    {
        public string? Untestable { get; init; }

        public double PValue { get; init; }

        public bool IsLarge { get; init; }

        public string RuledOut { get; init; } = string.Empty;

        public Func<double, bool> IsRuledOut { get; init; } = static _ => false;

        public Func<double, double> Detectable { get; init; } = static _ => double.PositiveInfinity;
    }
}
