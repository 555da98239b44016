using AgentOps.Engine.Providers;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Routing;

/// <summary>One router for the providers as registered now. A provider that did not change keeps its connections and its record.</summary>
internal sealed class RouterCache(ProviderFactory factory, TimeProvider time, string? catalogFolder = null)
{
    // Only requests of temperature 0 are answered from the cache; agents ask without one.
    private const int CachedAnswers = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ProviderDefinition> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly ProviderSet _providers = new(factory);
    private readonly Lazy<PriceCatalog> _catalog = new(() => PriceCatalog.Load(catalogFolder));
    private readonly Lazy<DomainClassifier> _classifier = new(() => DomainClassifier.Load(catalogFolder));
    private DomainQuality? _quality;
    private Router? _router;
    private object? _seen;

    /// <summary>Prices where a target states none; read when first needed.</summary>
    public PriceCatalog Catalog => _catalog.Value;

    /// <summary>Tells what prompts are about; read when first needed.</summary>
    public DomainClassifier Classifier => _classifier.Value;

    /// <summary>The provider of that name with its connections; null when there is none.</summary>
    public RegisteredProvider? Find(WorkspaceState state, string name)
    {
        For(state);
        return _providers.Find(name);
    }

    /// <summary>The router for a state.</summary>
    /// <exception cref="Errors.AgentOpsException">A provider's definition is not usable.</exception>
    public Router For(WorkspaceState state)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_seen, state.Providers))
            {
                Follow(state);
                _seen = state.Providers;
            }

            _quality ??= new DomainQuality(_classifier, new Lazy<QualityCatalog>(() => QualityCatalog.Load(catalogFolder)));
            _quality.Observe(state.Outcomes);
            return _router ??= new Router(_providers, new RouterOptions { CacheEntries = CachedAnswers }, time, Catalog, _quality);
        }
    }

    private void Follow(WorkspaceState state)
    {
        foreach (var gone in _known.Keys.Where(name => !state.Providers.ContainsKey(name)).ToArray())
        {
            _providers.Unregister(gone);
            _known.Remove(gone);
        }

        foreach (var provider in state.Providers.Values)
        {
            if (!_known.TryGetValue(provider.Name, out var before) || !ReferenceEquals(before, provider))
            {
                _providers.Register(provider);
                _known[provider.Name] = provider;
            }
        }
    }
}
