using AgentOps.Benchmarks.Areas.Agents;
using AgentOps.Benchmarks.Areas.Endpoints;

namespace AgentOps.Benchmarks.Areas;

/// <summary>The figures of the benchmarks themselves: how exact they measure, and how their gate decides.</summary>
internal sealed class BenchmarksArea : IBenchmarkArea
{
    private static readonly Func<BenchmarkContext, IEnumerable<Figure>>[] Parts =
    [
        EndpointAccuracy.Run,
        StallVisibility.Run,
        GateAccuracy.Run,
        MarketplaceFigures.Run,
    ];

    public string Name => "benchmarks";

    public IEnumerable<Figure> Run(BenchmarkContext context) => Parts.SelectMany(part => part(context));
}
