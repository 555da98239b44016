namespace AgentOps.Benchmarks;

/// <summary>One figure, printed as one JSON line.</summary>
internal sealed record Figure(string Name, double Value, string Unit);
