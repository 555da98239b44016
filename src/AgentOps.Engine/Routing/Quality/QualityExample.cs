namespace AgentOps.Engine.Routing.Quality;

/// <summary>One prompt with what each model made of it.</summary>
/// <param name="Prompt">The text.</param>
/// <param name="Category">Its domain, where the table names one: for learning only, never seen when predicting.</param>
/// <param name="Scores">0 to 1, in the order of the table's models.</param>
/// <param name="Costs">In US dollars, in the same order.</param>
public sealed record QualityExample(string Prompt, string? Category, IReadOnlyList<double> Scores, IReadOnlyList<double> Costs);
