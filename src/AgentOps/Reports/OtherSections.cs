using System.Globalization;
using AgentOps.Engine.Reports;
using AgentOps.Output;

namespace AgentOps.Reports;

/// <summary>Sections about spend, simulations and the candidates of a route.</summary>
internal static class OtherSections
{
    private const int Bars = 15;

    public static IEnumerable<ReportSection> OfUsage(IReadOnlyList<UsageSummary> usage) => usage.GroupBy(summary => summary.By).Select(group =>
    {
        var items = group.OrderByDescending(summary => summary.Cost).ToArray();
        var by = group.Key.ToLowerInvariant();
        var note = items.Length > Bars ? string.Create(CultureInfo.InvariantCulture, $" The picture shows the {Bars} dearest of {items.Length}.") : "";
        return new ReportSection(
            $"Spend by {by}", $"What models cost, failures included.{note}",
            new Plot(PlotKind.Bar, by, "USD", [new PlotSeries("Spend", [.. items.Take(Bars).Select((summary, place) => new PlotPoint(place, (double)summary.Cost, summary.Key))])]),
            new ReportTable(
                [group.Key, "Cost, USD", "Of it estimated", "Calls", "Failed", "Input tokens", "Output tokens", "Sessions", "Completed", "USD a completed session"],
                [
                    .. items.Select(summary => (IReadOnlyList<string>)
                    [
                        summary.Key, Money(summary.Cost), Money(summary.EstimatedCost), Text(summary.Calls), Text(summary.FailedCalls),
                        Text(summary.InputTokens), Text(summary.OutputTokens), Text(summary.Sessions), Text(summary.CompletedSessions), Money(summary.CostPerCompletedSession),
                    ]),
                ]));
    });

    public static IEnumerable<ReportSection> OfSimulations(IReadOnlyList<SimulationResult> results)
    {
        if (results.Count == 0)
        {
            yield break;
        }

        yield return new ReportSection("Simulated deployments", "Predictions, not measurements.", null, new ReportTable(
            ["Deployment", "Tokens/s", "TTFT p50, ms", "TTFT p95, ms", "TPOT p50, ms", "Peak KV cache, %", "USD a million tokens", "Promise kept"],
            [
                .. results.Select(result => (IReadOnlyList<string>)
                [
                    Name(result), Text(result.OutputTokensPerSecond), Text(result.TimeToFirstTokenP50.TotalMilliseconds), Text(result.TimeToFirstTokenP95.TotalMilliseconds),
                    Text(result.TimePerOutputTokenP50.TotalMilliseconds), Text(100 * result.PeakCacheUse), Money(result.CostPerMillionOutput),
                    result.ObjectiveMet switch { true => "yes", false => "no", _ => "" },
                ]),
            ]));
        var series = results.Where(result => result.Series.Length > 0).ToArray();
        if (series.Length > 0)
        {
            yield return new ReportSection(
                "KV-cache use over time", "The share of the cache's blocks that requests hold. At 100 % requests wait or give way to others.",
                new Plot(PlotKind.Line, "seconds from the start", "KV cache held, %",
                    [.. series.Select(result => new PlotSeries(Name(result), [.. result.Series.Select(point => new PlotPoint(point.Time.TotalSeconds, 100 * point.CacheUse))]))]),
                new ReportTable(["Deployment", "Seconds", "KV cache held, %", "Running", "Waiting"],
                    [.. series.SelectMany(result => result.Series.Select(point => (IReadOnlyList<string>)[Name(result), Text(point.Time.TotalSeconds), Text(100 * point.CacheUse), Text(point.Running), Text(point.Waiting)]))]));
        }

        if (series.Length > 0)
        {
            yield return new ReportSection(
                "Answer tokens over time", "Answer tokens a second in each interval.",
                new Plot(PlotKind.Line, "seconds from the start", "answer tokens a second",
                    [.. series.Select(result => new PlotSeries(Name(result), [.. result.Series.Select(point => new PlotPoint(point.Time.TotalSeconds, point.OutputTokensPerSecond))]))]),
                new ReportTable(["Deployment", "Seconds", "Tokens/s"],
                    [.. series.SelectMany(result => result.Series.Select(point => (IReadOnlyList<string>)[Name(result), Text(point.Time.TotalSeconds), Text(point.OutputTokensPerSecond)]))]));
        }

        var priced = results.Where(result => result.CostPerMillionOutput is not null).ToArray();
        if (priced.Length > 1)
        {
            yield return FrontSection.Of(
                "Cost against latency", "Deployments on the front are beaten by none in both.", "USD a million answer tokens", "time to the first token p95, ms", "Deployment",
                [.. priced.Select(result => new PlotPoint((double)result.CostPerMillionOutput!.Value, result.TimeToFirstTokenP95.TotalMilliseconds, Name(result)))], higherIsBetter: false);
        }
    }

    public static IEnumerable<ReportSection> OfCandidates(IReadOnlyList<RouteCandidate> candidates) => candidates.GroupBy(candidate => candidate.Route).Select(route =>
    {
        var known = route.Where(candidate => candidate.PredictedCost is not null && candidate.PredictedQuality is not null).ToArray();
        if (known.Length > 1)
        {
            return FrontSection.Of(
                $"Route {route.Key}: cost against quality", "What a prompt is predicted to cost at each target, and how well it is predicted to be answered.",
                "predicted cost, USD", "predicted quality", "Target",
                [.. known.Select(candidate => new PlotPoint((double)candidate.PredictedCost!.Value, (double)candidate.PredictedQuality!.Value, candidate.Target))], higherIsBetter: true);
        }

        return new ReportSection($"Route {route.Key}: candidates", "In the order of attempts.", null, new ReportTable(
            ["Target", "Rank", "Predicted cost, USD", "Predicted quality", "Reason"],
            [.. route.Select(candidate => (IReadOnlyList<string>)[candidate.Target, Text(candidate.Rank), Money(candidate.PredictedCost), Money(candidate.PredictedQuality), candidate.Reason])]));
    });

    private static string Name(SimulationResult result) => string.Create(CultureInfo.InvariantCulture, $"{result.Devices}x {result.Accelerator}, {result.Model}");

    private static string Money(decimal? amount) => amount?.ToString("0.######", CultureInfo.InvariantCulture) ?? "";

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
