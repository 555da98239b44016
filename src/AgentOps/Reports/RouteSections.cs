using System.Globalization;
using AgentOps.Engine.Benchmarks;
using AgentOps.Engine.Benchmarks.Endpoints;
using AgentOps.Engine.Reports;
using AgentOps.Output;

namespace AgentOps.Reports;

/// <summary>Sections about measured targets.</summary>
internal static class RouteSections
{
    private const int CurvePoints = 200;

    public static IEnumerable<ReportSection> Of(IReadOnlyList<RouteBenchmark> results)
    {
        if (results.Count == 0)
        {
            yield break;
        }

        yield return new ReportSection(
            "Measured targets", "Latencies are of calls that succeeded; failures are counted beside. Goodput counts calls that kept every promise.", null,
            new ReportTable(
                ["Target", "Loop", "Calls", "Failed", "TTFT p50, ms", "TTFT p90, ms", "TTFT p99, ms", "TPOT p50, ms", "E2E p50, ms", "Tokens/s", "Goodput/s", "Cost, USD", "Verdict"],
                [
                    .. results.Select(result => (IReadOnlyList<string>)
                    [
                        result.Target, result.Loop, Text(result.Calls), Text(result.Failures),
                        Milliseconds(result.TimeToFirstToken?.P50), Milliseconds(result.TimeToFirstToken?.P90), Milliseconds(result.TimeToFirstToken?.P99),
                        Milliseconds(result.TimePerOutputToken?.P50), Milliseconds(result.EndToEnd?.P50),
                        Text(result.TokensPerSecond), Text(result.Goodput), result.Cost?.ToString("0.######", CultureInfo.InvariantCulture) ?? "", result.Verdict ?? "",
                    ]),
                ]));
        if (results.Any(result => result.Verdicts.Length > 0))
        {
            yield return new ReportSection("Against the baseline", "A pass rules out a rise of 30 %; what is neither shown nor ruled out is inconclusive.", null,
                new ReportTable(["Metric", "Verdict", "Reason"],
                    [.. results.SelectMany(result => result.Verdicts.Select(verdict => (IReadOnlyList<string>)[$"{result.Target} {verdict.Metric}", verdict.Outcome, verdict.Reason]))]));
        }

        if (Curves(results, "Time to the first token", sample => sample.FirstDelta) is { } first)
        {
            yield return first;
        }

        if (Curves(results, "Time to the end of the answer", sample => sample.EndToEnd) is { } end)
        {
            yield return end;
        }

        if (Rates(results) is { } rates)
        {
            yield return rates;
        }

        if (CostAndQuality(results) is { } quality)
        {
            yield return quality;
        }
    }

    private static ReportSection? Curves(IReadOnlyList<RouteBenchmark> results, string title, Func<CallSample, double?> metric)
    {
        var series = results.Select(result => (result.Target, Values: Good(result).Select(metric).OfType<double>().Order().ToArray()))
            .Where(target => target.Values.Length > 0).ToArray();
        if (series.Length == 0)
        {
            return null;
        }

        double[] shares = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
        return new ReportSection(
            $"{title}: distribution", "How many of the calls were at least as fast. A curve further to the left is faster; a long way to the top is a tail.",
            new Plot(PlotKind.Step, "ms", "share of calls, %",
            [
                .. series.Select(target => new PlotSeries(target.Target,
                [
                    new PlotPoint(1000 * target.Values[0], 0),
                    .. Enumerable.Range(1, Math.Min(CurvePoints, target.Values.Length)).Select(point =>
                    {
                        var share = (double)point / Math.Min(CurvePoints, target.Values.Length);
                        return new PlotPoint(1000 * Quantile.Of(target.Values, share), 100 * share);
                    }),
                ])),
            ]),
            new ReportTable(["Target", "Calls", .. shares.Select(share => string.Create(CultureInfo.InvariantCulture, $"p{100 * share:0}, ms"))],
            [
                .. series.Select(target => (IReadOnlyList<string>)
                [
                    target.Target, Text(target.Values.Length),
                    .. shares.Select(share => share > 0.95 && target.Values.Length < MetricSummary.LeastForP99 ? "" : Milliseconds(TimeSpan.FromSeconds(Quantile.Of(target.Values, share)))),
                ]),
            ]));
    }

    private static ReportSection? Rates(IReadOnlyList<RouteBenchmark> results)
    {
        var series = results.Select(result => new PlotSeries(result.Target,
        [
            .. Good(result).Where(sample => sample.TokensPerSecond is not null).GroupBy(sample => sample.Slot).OrderBy(slot => slot.Key)
                .Select(slot => new PlotPoint(slot.Average(sample => sample.Intended), Quantile.Median(slot.Select(sample => sample.TokensPerSecond!.Value)))),
        ])).Where(target => target.Points.Count > 0).ToArray();
        return series.Length == 0 ? null : new ReportSection(
            "Output tokens a second over time", "The median of the calls in each slot of time.",
            new Plot(PlotKind.Line, "seconds from the start", "tokens/s", series),
            new ReportTable(["Target", "Seconds", "Tokens/s"],
                [.. series.SelectMany(target => target.Points.Select(point => (IReadOnlyList<string>)[target.Name, Text(point.X), Text(point.Y)]))]));
    }

    private static ReportSection? CostAndQuality(IReadOnlyList<RouteBenchmark> results)
    {
        var points = results.Where(result => result.Questions > 0 && result.Cost is not null && result.Calls > 0)
            .Select(result => new PlotPoint((double)(1000 * result.Cost!.Value / (result.Samples.Count == 0 ? result.Calls : result.Samples.Count)), 100.0 * result.Correct / result.Questions, result.Target)).ToArray();
        return points.Length < 2 ? null : FrontSection.Of(
            "Cost against quality", "Questions with checkable answers, and what a thousand calls cost. Targets on the front are beaten by none in both.",
            "USD a thousand calls", "questions answered right, %", "Target", points, higherIsBetter: true);
    }

    private static IEnumerable<CallSample> Good(RouteBenchmark result) => result.Samples.Where(sample => sample is { Phase: CallPhase.Measured, Error: null });

    private static string Milliseconds(TimeSpan? time) => time?.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture) ?? "";

    private static string Text(double? number) => number?.ToString("0.##", CultureInfo.InvariantCulture) ?? "";
}
