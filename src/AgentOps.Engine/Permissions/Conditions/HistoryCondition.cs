namespace AgentOps.Engine.Permissions;

/// <summary>A test of what the same agent did before, by the ledger.</summary>
public sealed record HistoryCondition : Condition
{
    /// <summary>The tool that was called.</summary>
    public required string Tool { get; init; }

    /// <summary>The outcome that counts: <c>ok</c>, <c>error</c>, <c>refused</c>; null for any.</summary>
    public string? Outcome { get; init; }

    /// <summary>How far back is looked.</summary>
    public required TimeSpan Within { get; init; }

    /// <summary>Parameters of the past call and the argument of this call that each must equal.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Same { get; init; } = [];

    /// <summary>Only calls of the same session count.</summary>
    public bool SameSession { get; init; }

    /// <summary>At least so many such calls. 1 unless told otherwise, 0 when only <see cref="AtMost"/> is given.</summary>
    public int AtLeast { get; init; } = 1;

    /// <summary>At most so many such calls; null for any number.</summary>
    public int? AtMost { get; init; }
}
