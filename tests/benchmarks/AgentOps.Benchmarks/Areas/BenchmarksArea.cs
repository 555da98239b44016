namespace AgentOps.Benchmarks.Areas;

/// <summary>The figures of the project's own benchmarks, part by part: of endpoints and the regression gate, and of agents.</summary>
internal sealed class BenchmarksArea : IBenchmarkArea
{
    private static readonly Func<BenchmarkContext, IEnumerable<Figure>>[] Parts = [];

    public string Name => "benchmarks";

    public IEnumerable<Figure> Run(BenchmarkContext context) => Parts.SelectMany(part => part(context));
}
