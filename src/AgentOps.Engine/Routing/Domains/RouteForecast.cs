using System.Collections.Immutable;

namespace AgentOps.Engine.Routing;

/// <summary>What is known of a route's targets in each domain, worked out when a prompt of that domain first comes.</summary>
internal sealed class RouteForecast
{
    private readonly DomainForecast?[] _byDomain = new DomainForecast?[PromptDomains.Names.Count];
    private readonly QualityCatalog _catalog;
    private readonly ImmutableDictionary<string, ModelOutcomes> _all;
    private readonly string?[] _keys;
    private readonly ModelOutcomes[] _outcomes;

    public RouteForecast(IReadOnlyList<RouteTarget> targets, QualityCatalog catalog, ImmutableDictionary<string, ModelOutcomes> outcomes)
    {
        _catalog = catalog;
        _all = outcomes;
        _keys = [.. targets.Select(target => target.Quality is null ? QualityCatalog.KeyOf(target.Model) : null)];
        _outcomes = [.. targets.Select(target => outcomes.GetValueOrDefault(target.Model, ModelOutcomes.None))];
        IsKnown = _keys.Where((key, target) => key is not null && (_outcomes[target].Total.Ended >= DomainForecast.Enough || catalog.Knows(key))).Any();
    }

    /// <summary>Whether the quality of any target is known in any domain, and not stated by the target. If not, prompts need not be looked at.</summary>
    public bool IsKnown { get; }

    /// <summary>What is known in a domain.</summary>
    public DomainForecast In(PromptDomain domain) => _byDomain[(int)domain] ??= new DomainForecast(domain, _keys, _outcomes, _catalog, _all);
}
