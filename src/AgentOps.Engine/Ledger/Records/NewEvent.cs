using System.Text.Json.Nodes;

namespace AgentOps.Engine.Ledger;

/// <summary>An event to be appended; sequence, time and actor are added by the store.</summary>
/// <param name="Type">The type, for example <c>agent.created</c>; <c>ledger.</c> is the store's own prefix.</param>
/// <param name="Version">The version of the type's data, from 1.</param>
/// <param name="Data">Strings, booleans, integers below 2^53, arrays, objects and null; no floating point (money is a decimal string).</param>
public sealed record NewEvent(string Type, int Version, JsonObject Data)
{
    /// <summary>The session to which the event belongs.</summary>
    public string? Session { get; init; }

    /// <summary>The task to which the event belongs.</summary>
    public string? Task { get; init; }

    /// <summary>The agent that acted, when not the one of the store's own actor.</summary>
    public string? Agent { get; init; }

    /// <summary>For whom it was done, when not the one of the store's own actor.</summary>
    public string? OnBehalfOf { get; init; }
}
