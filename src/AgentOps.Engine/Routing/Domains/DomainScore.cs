namespace AgentOps.Engine.Routing;

/// <summary>
/// What a model reached on a published benchmark. Comparable with other models' scores on the same benchmark alone: not with those on
/// another one, and not across domains.
/// </summary>
/// <param name="Model">The vendor's name of the model, without a date or version.</param>
/// <param name="Domain">The domain that the benchmark is taken for.</param>
/// <param name="Benchmark">Its name, with the variant.</param>
/// <param name="Score">The share of tasks solved, 0 to 1.</param>
public sealed record DomainScore(string Model, PromptDomain Domain, string Benchmark, double Score)
{
    /// <summary>The page that states it.</summary>
    public required string Source { get; init; }

    /// <summary>The date of that page.</summary>
    public required DateOnly Date { get; init; }
}
