namespace AgentOps.Engine.Permissions;

/// <summary>Facts that do not change.</summary>
public sealed class FactSnapshot : IFactSource
{
    private readonly Dictionary<string, ArgumentValue> _facts;

    /// <summary>Takes a copy.</summary>
    /// <param name="facts">Names, spelt as in the catalogue, and values.</param>
    public FactSnapshot(IEnumerable<KeyValuePair<string, ArgumentValue>> facts) => _facts = new(facts, StringComparer.Ordinal);

    /// <summary>No facts.</summary>
    public static FactSnapshot Empty { get; } = new([]);

    /// <inheritdoc/>
    public bool TryGet(string name, out ArgumentValue value) => _facts.TryGetValue(name, out value);
}
