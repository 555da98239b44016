using System.Collections.Concurrent;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>The providers that routes can name.</summary>
/// <param name="factory">Makes them.</param>
public sealed class ProviderSet(ProviderFactory factory)
{
    private readonly ConcurrentDictionary<string, RegisteredProvider> _providers = new(StringComparer.OrdinalIgnoreCase);
    private int _version;

    /// <summary>All of them, by name.</summary>
    public IEnumerable<RegisteredProvider> All =>
        _providers.Values.OrderBy(provider => provider.Definition.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Changes whenever a provider comes, changes or goes.</summary>
    internal int Version => Volatile.Read(ref _version);

    /// <summary>Adds a provider, or replaces the one of that name.</summary>
    public RegisteredProvider Register(ProviderDefinition definition) => Register(definition, factory.Create(definition));

    /// <summary>Adds a provider that was made elsewhere, or replaces the one of that name.</summary>
    public RegisteredProvider Register(ProviderDefinition definition, IModelProvider provider)
    {
        var registered = new RegisteredProvider(definition, provider);
        _providers[definition.Name] = registered;
        Interlocked.Increment(ref _version);
        return registered;
    }

    /// <summary>Takes a provider out; false when there is none of that name.</summary>
    public bool Unregister(string name)
    {
        var removed = _providers.TryRemove(name, out _);
        Interlocked.Increment(ref _version);
        return removed;
    }

    /// <summary>The provider of that name, or null.</summary>
    public RegisteredProvider? Find(string name) => _providers.GetValueOrDefault(name);
}
