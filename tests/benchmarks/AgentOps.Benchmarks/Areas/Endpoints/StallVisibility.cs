using System.Globalization;
using AgentOps.Engine.Benchmarks.Endpoints;

namespace AgentOps.Benchmarks.Areas.Endpoints;

/// <summary>The same server with the same stall of two seconds, seen by an open loop and by a closed one.</summary>
internal static class StallVisibility
{
    private const int Calls = 1500;

    public static IEnumerable<Figure> Run(BenchmarkContext context)
    {
        var open = Measure(new EndpointLoad { Calls = Calls, RequestRate = 100 });
        var closed = Measure(new EndpointLoad { Calls = Calls, Kind = LoadKind.Closed, Concurrency = 1 });
        yield return new Figure("benchmarks.stall.open.p99", open * 1000, "ms with a 2 s stall");
        yield return new Figure("benchmarks.stall.closed.p99", closed * 1000, "ms with the same stall");
    }

    private static double Measure(EndpointLoad load)
    {
        using var server = new PacedServer(_ => (TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(1), 2));
        load = load with { Prompts = [.. Enumerable.Range(0, Calls).Select(number => number.ToString(CultureInfo.InvariantCulture))] };
        var samples = EndpointAccuracy.RunAsync(server, load, sample =>
        {
            if (sample is { Phase: CallPhase.Measured, Index: Calls / 3 })
            {
                server.Stall(TimeSpan.FromSeconds(2));
            }
        }).GetAwaiter().GetResult();
        return TargetSummary.Of(["paced"], samples, ServiceObjective.None, load.PlannedDuration)[0].FirstDelta!.P99!.Value;
    }
}
