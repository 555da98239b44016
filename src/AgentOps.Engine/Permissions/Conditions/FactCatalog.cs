using System.Collections.Frozen;

namespace AgentOps.Engine.Permissions;

/// <summary>The facts that rules may test. A rule on any other fact is refused when it is loaded.</summary>
public sealed class FactCatalog
{
    private readonly FrozenDictionary<string, FactDefinition> _facts;

    /// <summary>A catalogue.</summary>
    /// <param name="facts">The facts; names differ.</param>
    public FactCatalog(IEnumerable<FactDefinition> facts) => _facts = facts.ToFrozenDictionary(fact => fact.Name, StringComparer.Ordinal);

    /// <summary>The facts that the engine itself states.</summary>
    public static FactCatalog Default { get; } = new(
    [
        new("session.taint", FactType.TextSet),
        new("session.maxDataClass", FactType.Level, ["public", "internal", "confidential", "secret"]),
        new("session.cost", FactType.Number),
        new("session.steps", FactType.Number),
        new("session.toolCalls", FactType.Number),
        new("session.delegationDepth", FactType.Number),
        new("agent.name", FactType.Text),
        new("tool.sideEffect", FactType.Level, ["none", "reversible", "irreversible"]),
        new("tool.isolation", FactType.Text),
        new("host.name", FactType.Text),
        new("host.os", FactType.Text),
        new("time.now", FactType.Time),
        new("time.hour", FactType.Number),
        new("time.weekday", FactType.Text),
    ]);

    /// <summary>All names.</summary>
    public IReadOnlyCollection<string> Names => _facts.Keys;

    /// <summary>Finds a fact; null when it is unknown.</summary>
    /// <param name="name">Its name, spelt exactly.</param>
    public FactDefinition? Find(string name) => _facts.GetValueOrDefault(name);
}
