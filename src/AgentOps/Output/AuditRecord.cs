using AgentOps.Engine.Ledger;

namespace AgentOps.Output;

/// <summary>One record of the ledger.</summary>
public sealed record AuditRecord
{
    /// <summary>Its place in the ledger, from 0.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was appended, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What happened, for example <c>tool.refused</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The version of the type's data.</summary>
    public required int Version { get; init; }

    /// <summary>The agent; null where a person or the engine acted.</summary>
    public string? Agent { get; init; }

    /// <summary>For whom it was done.</summary>
    public required string OnBehalfOf { get; init; }

    /// <summary>The session; null outside one.</summary>
    public string? Session { get; init; }

    /// <summary>What the work was booked under.</summary>
    public string? Task { get; init; }

    /// <summary>The machine.</summary>
    public required string Host { get; init; }

    /// <summary>The process.</summary>
    public required string Process { get; init; }

    /// <summary>What happened in full, as JSON.</summary>
    public required string Data { get; init; }

    internal static AuditRecord From(LedgerRecord record) => new()
    {
        Sequence = record.Sequence,
        Time = record.Time,
        Type = record.Type,
        Version = record.Version,
        Agent = record.Actor.Agent,
        OnBehalfOf = record.Actor.OnBehalfOf,
        Session = record.Session,
        Task = record.Task,
        Host = record.Actor.Host,
        Process = record.Actor.Process,
        Data = record.Data.GetRawText(),
    };
}
