using System.Collections.Concurrent;

namespace AgentOps.Engine.Routing;

/// <summary>What a router remembers between calls.</summary>
internal sealed class RouterState(RouterOptions options, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<RouteTarget, TargetCircuit> _circuits = new(TargetComparer.Instance);
    private readonly ConcurrentDictionary<string, AccountState> _accounts = new(StringComparer.OrdinalIgnoreCase);

    public TimeProvider TimeProvider => timeProvider;

    public TargetCircuit Circuit(RouteTarget target) => _circuits.GetOrAdd(target, _ => new TargetCircuit(options, timeProvider));

    public AccountState Account(string provider) =>
        _accounts.GetOrAdd(provider, _ => new AccountState(new TargetCircuit(options, timeProvider)));

    /// <summary>Forgets failures and spend of a provider.</summary>
    public void Reset(string provider)
    {
        Account(provider).Reset();
        foreach (var (target, circuit) in _circuits)
        {
            if (string.Equals(target.Provider, provider, StringComparison.OrdinalIgnoreCase))
            {
                circuit.Close();
            }
        }
    }

    private sealed class TargetComparer : IEqualityComparer<RouteTarget>
    {
        public static TargetComparer Instance { get; } = new();

        public bool Equals(RouteTarget? x, RouteTarget? y) =>
            x?.Provider == y?.Provider && x?.Model == y?.Model && x?.Region == y?.Region;

        public int GetHashCode(RouteTarget obj) => HashCode.Combine(obj.Provider, obj.Model, obj.Region);
    }
}
