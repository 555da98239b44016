namespace AgentOps.Engine.Routing.Quality;

/// <summary>What is predicted of a prompt.</summary>
/// <param name="Scores">The score of each model, in the order of the table; about 0 to 1, not clamped.</param>
/// <param name="Costs">What each model's answer costs, in US dollars; never below zero.</param>
public sealed record QualityPrediction(double[] Scores, double[] Costs);
