using System.Collections.Immutable;
using System.Globalization;

namespace AgentOps.Engine.Routing;

/// <summary>
/// What is known of a route's targets in one domain. A model's quality is the mean of the beta posterior
/// <c>(Strength · prior + completed) / (Strength + ended)</c> over its sessions in the domain. The prior is what its score on a benchmark
/// of the domain makes expect (<see cref="TaskDifficulty"/>); without a score, the share of its sessions in all domains that were completed, by
/// Laplace's rule, from <see cref="Enough"/> sessions on; else the quality is unknown.
/// </summary>
/// <remarks>
/// Only scores on one benchmark are compared: that which has a score for the most of the route's models, the first in the catalog among equals.
/// </remarks>
internal sealed class DomainForecast
{
    /// <summary>Sessions that the prior weighs as much as.</summary>
    public const int Strength = 24;

    /// <summary>Sessions from which on a model without a score is known.</summary>
    public const int Enough = 20;

    private readonly PromptDomain _domain;
    private readonly DomainScore?[] _scores;
    private readonly ModelOutcomes[] _outcomes;
    private readonly double _ease;

    /// <param name="domain">The domain.</param>
    /// <param name="keys">The models of the route's targets, as the catalog knows them; null where the target states its quality.</param>
    /// <param name="outcomes">How their sessions ended.</param>
    /// <param name="catalog">Published scores.</param>
    /// <param name="all">How the sessions of every model ended.</param>
    public DomainForecast(
        PromptDomain domain, string?[] keys, ModelOutcomes[] outcomes, QualityCatalog catalog, ImmutableDictionary<string, ModelOutcomes> all)
    {
        _domain = domain;
        _outcomes = outcomes;
        var models = keys.OfType<string>().ToHashSet(StringComparer.Ordinal);
        var benchmark = catalog.Benchmarks(domain).MaxBy(name => models.Count(model => catalog.Find(model, domain, name) is not null));
        _scores = [.. keys.Select(key => key is null || benchmark is null ? null : catalog.Find(key, domain, benchmark))];
        _ease = benchmark is null ? 0 : Ease(catalog, benchmark, all);
        Qualities = [.. keys.Select((_, target) => Quality(target))];
    }

    /// <summary>By the target's place, 0 to 1; not a number where nothing is known.</summary>
    public double[] Qualities { get; }

    /// <summary>Where the quality of a target comes from.</summary>
    public string? Explain(int target)
    {
        if (double.IsNaN(Qualities[target]))
        {
            return null;
        }

        var (score, name) = (_scores[target], PromptDomains.NameOf(_domain));
        var (inDomain, total) = (_outcomes[target].In(_domain), _outcomes[target].Total);
        var sessions = string.Create(CultureInfo.InvariantCulture, $"{inDomain.Completed} of {inDomain.Ended} sessions about {name} completed");
        return score is null
            ? string.Create(CultureInfo.InvariantCulture, $"{sessions}, {total.Completed} of {total.Ended} in all")
            : string.Create(CultureInfo.InvariantCulture, $"{name}: {score.Benchmark} {score.Score:0.###} ({score.Source}, {score.Date:yyyy-MM-dd})")
                + (inDomain.Ended > 0 ? $"; {sessions}" : string.Empty)
                + (Math.Abs(_ease) >= 0.05 ? string.Create(CultureInfo.InvariantCulture, $"; sessions here are {(_ease > 0 ? "easier" : "harder")} than its tasks (logit {_ease:+0.0;-0.0})") : string.Empty);
    }

    private double Ease(QualityCatalog catalog, string benchmark, ImmutableDictionary<string, ModelOutcomes> all)
    {
        var sessions = new List<(double Score, OutcomeCount Outcomes)>();
        foreach (var (model, outcomes) in all)
        {
            if (catalog.Find(QualityCatalog.KeyOf(model), _domain, benchmark) is { } score)
            {
                sessions.Add((score.Score, outcomes.In(_domain)));
            }
        }

        return TaskDifficulty.Ease(sessions);
    }

    private double Quality(int target)
    {
        var (inDomain, total) = (_outcomes[target].In(_domain), _outcomes[target].Total);
        var prior = _scores[target] is { } score ? TaskDifficulty.Expect(score.Score, _ease)
            : total.Ended >= Enough ? (total.Completed + 1.0) / (total.Ended + 2)
            : double.NaN;
        return ((Strength * prior) + inDomain.Completed) / (Strength + inDomain.Ended);
    }
}
