namespace AgentOps.Output;

/// <summary>What a model reached on a published benchmark; comparable with other models' scores on the same one alone.</summary>
/// <param name="Domain">The domain of prompts that it is taken for.</param>
/// <param name="Benchmark">The benchmark, with its variant.</param>
/// <param name="Score">The share of tasks solved, 0 to 1.</param>
/// <param name="AsOf">The date of the page.</param>
/// <param name="Source">The page that states it.</param>
public sealed record ModelScore(string Domain, string Benchmark, double Score, DateOnly AsOf, string Source);
