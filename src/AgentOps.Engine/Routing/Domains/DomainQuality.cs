using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>
/// Predicts from what a prompt is about: for its most probable domain, from what models reached on a benchmark of that domain and from how
/// their sessions in it ended. What a target states is never overruled.
/// </summary>
public sealed class DomainQuality : IQualityPredictor
{
    private static readonly ImmutableDictionary<string, ModelOutcomes> Nothing =
        ImmutableDictionary.Create<string, ModelOutcomes>(StringComparer.OrdinalIgnoreCase);

    private readonly Lazy<DomainClassifier> _classifier;
    private readonly Lazy<QualityCatalog> _catalog;
    private volatile Knowledge _knowledge = new(Nothing);

    /// <summary>Predicts with a lexicon and scores that are read when a route first asks for quality.</summary>
    /// <param name="classifier">Tells what a prompt is about.</param>
    /// <param name="catalog">Published scores.</param>
    public DomainQuality(Lazy<DomainClassifier> classifier, Lazy<QualityCatalog> catalog) => (_classifier, _catalog) = (classifier, catalog);

    /// <summary>Predicts with a lexicon and scores.</summary>
    /// <param name="classifier">Tells what a prompt is about.</param>
    /// <param name="catalog">Published scores.</param>
    public DomainQuality(DomainClassifier classifier, QualityCatalog catalog)
        : this(new Lazy<DomainClassifier>(classifier), new Lazy<QualityCatalog>(catalog))
    {
    }

    /// <summary>Takes the outcomes as they are now, by model; cheap where nothing has changed.</summary>
    public void Observe(ImmutableDictionary<string, ModelOutcomes> outcomes)
    {
        if (!ReferenceEquals(_knowledge.Outcomes, outcomes))
        {
            _knowledge = new Knowledge(outcomes);
        }
    }

    /// <inheritdoc/>
    public TargetQualities? Predict(ModelRequest request, IReadOnlyList<RouteTarget> targets)
    {
        var knowledge = _knowledge;
        var forecast = knowledge.Forecasts.GetValue(targets, listed => new RouteForecast(listed, _catalog.Value, knowledge.Outcomes));
        if (!forecast.IsKnown)
        {
            return null;
        }

        var domains = _classifier.Value.Classify(request);
        return new Prediction(domains, forecast.In(domains.Most));
    }

    // What was worked out from outcomes goes with them.
    private sealed record Knowledge(ImmutableDictionary<string, ModelOutcomes> Outcomes)
    {
        public ConditionalWeakTable<IReadOnlyList<RouteTarget>, RouteForecast> Forecasts { get; } = [];
    }

    private sealed class Prediction(DomainEstimate domains, DomainForecast forecast) : TargetQualities
    {
        public override DomainEstimate Domains => domains;

        public override double this[int target] => forecast.Qualities[target];

        public override string? Explain(int target) => forecast.Explain(target);
    }
}
