using System.Text.Json;

namespace AgentOps.Engine.Ledger;

/// <summary>One record of the ledger: a leaf of its Merkle tree.</summary>
/// <param name="Sequence">The index of the leaf, from 0.</param>
/// <param name="Time">When it was appended, in UTC; never before the record before it.</param>
/// <param name="Type">The type of the event, for example <c>agent.created</c>.</param>
/// <param name="Version">The version of the type's data, from 1.</param>
/// <param name="Actor">Who acted.</param>
/// <param name="Session">The session, or null.</param>
/// <param name="Task">The task, or null.</param>
/// <param name="Data">What happened: an object.</param>
public sealed record LedgerRecord(
    long Sequence,
    DateTimeOffset Time,
    string Type,
    int Version,
    Actor Actor,
    string? Session,
    string? Task,
    JsonElement Data);
