namespace AgentOps.Engine.Routing.Quality;

/// <summary>How much a router saves.</summary>
/// <param name="Router">Its name.</param>
/// <param name="Saved95">The share of the strongest model's cost saved at 95 % of its quality; null where it isn't reached.</param>
/// <param name="Saved95Low">The lower end of the bootstrapped 95 % interval.</param>
/// <param name="Saved95High">The upper end.</param>
/// <param name="Saved100">The same at 100 %.</param>
/// <param name="StrongCalls95">The share of calls that the strongest model takes for 95 %.</param>
/// <param name="Aiq">The mean quality over the costs between the cheapest and the strongest (average improvement in quality).</param>
public sealed record RouterReport(
    string Router, double? Saved95, double? Saved95Low, double? Saved95High, double? Saved100, double? StrongCalls95, double? Aiq);
