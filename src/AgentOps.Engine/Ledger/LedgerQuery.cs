namespace AgentOps.Engine.Ledger;

/// <summary>Which records to read. Every condition given must hold.</summary>
public sealed record LedgerQuery
{
    /// <summary>The type; <c>*</c> and <c>?</c> are wildcards; compared without regard to case.</summary>
    public string? Type { get; init; }

    /// <summary>The agent; <c>*</c> and <c>?</c> are wildcards; compared without regard to case.</summary>
    public string? Agent { get; init; }

    /// <summary>The session.</summary>
    public string? Session { get; init; }

    /// <summary>The task.</summary>
    public string? Task { get; init; }

    /// <summary>Only records of this time or later.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Only records before this time.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Only records of this sequence or later.</summary>
    public long FromSequence { get; init; }

    /// <summary>At most so many records, after <see cref="Skip"/>.</summary>
    public long? First { get; init; }

    /// <summary>Leaves out so many matching records at the start.</summary>
    public long Skip { get; init; }

    /// <summary>Only the newest so many matching records, oldest of them first.</summary>
    public int? Newest { get; init; }

    /// <summary>Goes on with records as they are appended, until cancelled.</summary>
    public bool Follow { get; init; }
}
