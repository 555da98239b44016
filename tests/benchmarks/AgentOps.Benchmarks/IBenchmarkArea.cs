namespace AgentOps.Benchmarks;

/// <summary>An area of figures, for example <c>ledger</c>.</summary>
internal interface IBenchmarkArea
{
    /// <summary>The name after <c>bench</c>.</summary>
    string Name { get; }

    /// <summary>Measures; gives each figure as soon as it is known. Text for a person goes to standard error.</summary>
    IEnumerable<Figure> Run(BenchmarkContext context);
}
