namespace AgentOps.Engine.Routing.Quality;

/// <summary>How much a router saves; shares are of the cost of sending every prompt to the strongest model.</summary>
/// <param name="Router">Its name.</param>
/// <param name="Saved95">Saved at 95 % of the strongest model's quality.</param>
/// <param name="Saved100">Saved at 100 %; 0 where only the strongest model itself reaches it.</param>
/// <param name="BeyondZero">How much more it saves than the zero-router does, at 95 %.</param>
/// <param name="StrongCalls95">The share of prompts that the strongest model takes for 95 %.</param>
/// <param name="Aiq">The mean quality over the costs between the cheapest and the dearest model (average improvement in quality); null where all cost the same.</param>
public sealed record RouterReport(string Router, Estimate Saved95, Estimate Saved100, Estimate BeyondZero, double StrongCalls95, double? Aiq);
