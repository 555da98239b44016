using System.Globalization;
using AgentOps.Engine.Benchmarks;
using AgentOps.Engine.Benchmarks.Endpoints;
using AgentOps.Engine.Providers;

namespace AgentOps.Benchmarks.Areas.Endpoints;

/// <summary>
/// How far measured latencies are from what the server wrote down, at the median and the 90th percentile of several paces. An
/// error counts in percent of the truth, or in milliseconds beyond the first, whichever is smaller.
/// </summary>
internal static class EndpointAccuracy
{
    private const int Runs = 3;

    private static readonly (int FirstMs, int GapMs, int Tokens, int Calls, double Rate)[] Paces =
    [
        (20, 2, 40, 200, 40),
        (120, 8, 40, 150, 30),
        (400, 20, 25, 80, 20),
    ];

    public static IEnumerable<Figure> Run(BenchmarkContext context)
    {
        var errors = Paces.Select(Median).ToArray();
        yield return new Figure("benchmarks.error.ttft", errors.Max(error => error.FirstToken), "% or ms beyond 1 ms");
        yield return new Figure("benchmarks.error.tpot", errors.Max(error => error.PerToken), "%");
        yield return new Figure("benchmarks.error.e2e", errors.Max(error => error.EndToEnd), "% or ms beyond 1 ms");
        yield return new Figure("benchmarks.error.goodput", errors.Max(error => error.Goodput), "% beyond what 1 ms changes");
    }

    // The median of three runs of a pace: a neighbour that takes the processor away during one of them is no error of the measurement.
    private static (double FirstToken, double PerToken, double EndToEnd, double Goodput) Median((int FirstMs, int GapMs, int Tokens, int Calls, double Rate) pace)
    {
        var runs = Enumerable.Range(0, Runs).Select(_ => MeasureAsync(pace).GetAwaiter().GetResult()).ToArray();
        return (Middle(run => run.FirstToken), Middle(run => run.PerToken), Middle(run => run.EndToEnd), Middle(run => run.Goodput));

        double Middle(Func<(double FirstToken, double PerToken, double EndToEnd, double Goodput), double> of) => runs.Select(of).Order().ElementAt(Runs / 2);
    }

    private static async Task<(double FirstToken, double PerToken, double EndToEnd, double Goodput)> MeasureAsync((int FirstMs, int GapMs, int Tokens, int Calls, double Rate) pace)
    {
        // Waits vary from 0.6 to 1.8 of the pace, in a fixed but scattered order.
        using var server = new PacedServer(number => (
            TimeSpan.FromMilliseconds(pace.FirstMs * (0.6 + (1.2 * (number * 0.6180339887 % 1)))),
            TimeSpan.FromMilliseconds(pace.GapMs * (0.6 + (1.2 * (number * 0.7548776662 % 1)))),
            pace.Tokens));
        var load = new EndpointLoad
        {
            Calls = pace.Calls,
            RequestRate = pace.Rate,
            Prompts = [.. Enumerable.Range(0, pace.Calls).Select(number => number.ToString(CultureInfo.InvariantCulture))],
        };
        var samples = await RunAsync(server, load);
        var measured = samples.Where(sample => sample.Phase == CallPhase.Measured).OrderBy(sample => sample.Index).ToArray();
        var truth = measured.Select(sample => server.Calls[sample.Index]).ToArray();

        var objective = new ServiceObjective(TimeSpan.FromMilliseconds(1.3 * pace.FirstMs), TimeSpan.FromMilliseconds(1.4 * pace.GapMs), null);
        var summary = TargetSummary.Of(["paced"], samples, objective, load.PlannedDuration)[0];
        var (least, most) = (GoodCalls(-0.001), GoodCalls(0.001));
        var goodput = 100.0 * Math.Max(0, Math.Max(least - summary.GoodCalls, summary.GoodCalls - most)) / Math.Max(1, least);
        var (first, perToken, endToEnd) = (
            Error(measured.Select(sample => sample.FirstDelta!.Value), truth.Select(call => call.First), true),
            Error(measured.Select(sample => sample.TimePerOutputToken!.Value), truth.Select(call => call.TimePerOutputToken), false),
            Error(measured.Select(sample => sample.EndToEnd), truth.Select(call => call.End), true));
        BenchmarkContext.Say(string.Create(CultureInfo.InvariantCulture,
            $"  {pace.FirstMs} ms + {pace.Tokens} x {pace.GapMs} ms at {pace.Rate}/s: error TTFT {first:0.00}, TPOT {perToken:0.00} %, E2E {endToEnd:0.00}; good calls {summary.GoodCalls}, truly {GoodCalls(0)} ({least} to {most} with limits 1 ms off); send lag p90 {1000 * summary.SendLag!.P90:0.00} ms"));
        return (first, perToken, endToEnd, goodput);

        int GoodCalls(double slack) => truth.Count(call =>
            call.First <= (1.3 * pace.FirstMs / 1000) + slack && call.TimePerOutputToken <= 1.4 * pace.GapMs / 1000);
    }

    internal static async Task<List<CallSample>> RunAsync(PacedServer server, EndpointLoad load, Action<CallSample>? seen = null)
    {
        using var factory = new ProviderFactory();
        var provider = factory.Create(new ProviderDefinition { Name = "paced", Kind = ProviderKinds.OpenAI, Uri = server.Endpoint });
        var samples = new List<CallSample>();
        await foreach (var sample in new EndpointBenchmark([new EndpointTarget("paced", provider, "m")], load).RunAsync([], CancellationToken.None))
        {
            samples.Add(sample);
            seen?.Invoke(sample);
        }

        return samples.All(sample => sample.Error is null)
            ? samples
            : throw new InvalidOperationException($"A call failed: {samples.First(sample => sample.Error is not null).Detail}");
    }

    private static double Error(IEnumerable<double> measured, IEnumerable<double> truth, bool hasFloor)
    {
        var (seen, known) = (measured.Order().ToArray(), truth.Order().ToArray());
        return new[] { 0.5, 0.9 }.Max(share =>
        {
            var (value, expected) = (Quantile.Of(seen, share), Quantile.Of(known, share));
            var off = Math.Abs(value - expected);
            var percent = 100 * off / expected;
            return hasFloor ? Math.Min(percent, Math.Max(0, (1000 * off) - 1)) : percent;
        });
    }
}
