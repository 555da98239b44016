namespace AgentOps.Engine.Routing.Quality;

/// <summary>The domain of each example: its category, where that has enough examples to be learned; all others share one.</summary>
/// <param name="Rows">Of each example, its domain.</param>
/// <param name="Count">How many domains there are, two or more.</param>
internal sealed record DomainLabels(int[] Rows, int Count)
{
    /// <summary>Most domains that are learned, beside the one of all others.</summary>
    public const int DomainsAtMost = 128;

    private const int ExamplesAtLeast = 10;

    /// <summary>Labels examples; null where there is only one domain.</summary>
    public static DomainLabels? Of(IReadOnlyList<QualityExample> examples)
    {
        var names = examples.GroupBy(example => example.Category, StringComparer.Ordinal)
            .Where(group => group.Key is not null && group.Count() >= ExamplesAtLeast)
            .OrderByDescending(group => group.Count())
            .Take(DomainsAtMost)
            .Select((group, place) => (Name: group.Key!, Place: place))
            .ToDictionary(domain => domain.Name, domain => domain.Place, StringComparer.Ordinal);
        var rows = examples.Select(example => example.Category is { } category ? names.GetValueOrDefault(category, names.Count) : names.Count).ToArray();
        var count = rows.Contains(names.Count) ? names.Count + 1 : names.Count;
        return count > 1 ? new DomainLabels(rows, count) : null;
    }
}
