namespace AgentOps.Benchmarks;

/// <summary>What an area may need from outside.</summary>
/// <param name="HelperPath">The published native helper, or null where it was not built.</param>
/// <param name="DataPath">The folder named by <c>AGENTOPS_DATA</c>, or null: figures that need it are then left out, and say so.</param>
/// <param name="WorkPath">A scratch folder on the disk that is measured; removed afterwards.</param>
internal sealed record BenchmarkContext(string? HelperPath, string? DataPath, string WorkPath)
{
    /// <summary>Says something to the person who watches.</summary>
    public static void Say(string text) => Console.Error.WriteLine(text);
}
