using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Memories;

/// <summary>The facts that agents keep, as the ledger names them. Immutable; the values are payloads.</summary>
public sealed class MemoryState
{
    private static readonly ImmutableDictionary<string, MemoryFact> NoFacts = ImmutableDictionary.Create<string, MemoryFact>(StringComparer.OrdinalIgnoreCase);

    private readonly ImmutableDictionary<(string Agent, string? OnBehalfOf), ImmutableDictionary<string, MemoryFact>> _facts;

    private MemoryState(ImmutableDictionary<(string Agent, string? OnBehalfOf), ImmutableDictionary<string, MemoryFact>> facts) => _facts = facts;

    /// <summary>No facts.</summary>
    public static MemoryState Empty { get; } = new(ImmutableDictionary<(string Agent, string? OnBehalfOf), ImmutableDictionary<string, MemoryFact>>.Empty);

    /// <summary>All facts, in the order in which they were written.</summary>
    public IEnumerable<MemoryFact> All => _facts.Values.SelectMany(facts => facts.Values).OrderBy(fact => fact.Sequence);

    /// <summary>The facts of an agent by name, without regard to case.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="onBehalfOf">The person, in the very same letters; null for what all persons share.</param>
    public IReadOnlyDictionary<string, MemoryFact> Of(string agent, string? onBehalfOf) => _facts.GetValueOrDefault(Key(agent, onBehalfOf), NoFacts);

    internal static JsonObject Named(string agent, string? onBehalfOf, string name) =>
        new JsonObject().With("agent", agent).With("onBehalfOf", onBehalfOf).With("name", name);

    internal MemoryState Remembered(LedgerRecord record) => With(FactOf(record));

    /// <summary>A fact stands again as it was before it was replaced or dropped.</summary>
    internal MemoryState Restored(JsonElement data) => With(FromWholeJson(data));

    /// <summary>The fact that a record of a remembering names.</summary>
    internal static MemoryFact FactOf(LedgerRecord record) => FromJson(record.Data) with
    {
        Session = record.Session ?? string.Empty,
        Written = record.Time,
        Sequence = record.Sequence,
    };

    internal MemoryState Forgotten(JsonElement data)
    {
        var key = Key(data.RequiredText("agent"), data.Text("onBehalfOf"));
        return _facts.TryGetValue(key, out var facts) ? With(key, facts.Remove(data.RequiredText("name"))) : this;
    }

    /// <summary>An agent that is created later under the same name begins with nothing.</summary>
    internal MemoryState WithoutAgent(string agent) =>
        new(_facts.RemoveRange(_facts.Keys.Where(key => string.Equals(key.Agent, agent, StringComparison.OrdinalIgnoreCase))));

    internal static JsonObject ToJson(MemoryFact fact) => Named(fact.Agent, fact.OnBehalfOf, fact.Name)
        .With("value", fact.Value)
        .With("bytes", fact.Bytes)
        .With("dataClass", fact.DataClass)
        .With("untrusted", fact.IsUntrusted);

    /// <summary>The same with what the record of its remembering tells beside: who wrote it, and when.</summary>
    internal static JsonObject ToWholeJson(MemoryFact fact) => ToJson(fact)
        .With("session", fact.Session)
        .With("written", YamlNumbers.Spell(fact.Written))
        .With("sequence", fact.Sequence);

    internal JsonArray ToJson() => new([.. All.Select(fact => (JsonNode)ToWholeJson(fact))]);

    internal static MemoryState FromJson(IEnumerable<JsonElement> facts) => facts.Aggregate(Empty, (state, item) => state.With(FromWholeJson(item)));

    private static MemoryFact FromWholeJson(JsonElement data) => FromJson(data) with
    {
        Session = data.RequiredText("session"),
        Written = YamlNumbers.TryTime(data.RequiredText("written"), out var written) ? written : throw new FormatException("A time is malformed."),
        Sequence = data.Integer("sequence") ?? 0,
    };

    private static MemoryFact FromJson(JsonElement data) => new()
    {
        Agent = data.RequiredText("agent"),
        OnBehalfOf = data.Text("onBehalfOf"),
        Name = data.RequiredText("name"),
        Value = data.RequiredText("value"),
        Bytes = data.Integer("bytes") ?? 0,
        DataClass = data.RequiredText("dataClass"),
        IsUntrusted = data.Flag("untrusted"),
        Session = string.Empty,
        Written = default,
        Sequence = 0,
    };

    private MemoryState With(MemoryFact fact)
    {
        var key = Key(fact.Agent, fact.OnBehalfOf);

        // Removed first, so that the name is spelt as it was written last.
        return With(key, _facts.GetValueOrDefault(key, NoFacts).Remove(fact.Name).Add(fact.Name, fact));
    }

    private MemoryState With((string Agent, string? OnBehalfOf) key, ImmutableDictionary<string, MemoryFact> facts) =>
        new(facts.IsEmpty ? _facts.Remove(key) : _facts.SetItem(key, facts));

    // Names of agents are ASCII and compare without regard to case; persons compare letter by letter.
    private static (string Agent, string? OnBehalfOf) Key(string agent, string? onBehalfOf) => (agent.ToLowerInvariant(), onBehalfOf);
}
