namespace AgentOps.Engine.Invocation;

/// <summary>Something that happened in a running session, as it happens.</summary>
public sealed record SessionEvent
{
    /// <summary>What it tells.</summary>
    public required SessionEventKind Kind { get; init; }

    /// <summary>The session's id.</summary>
    public required string Session { get; init; }

    /// <summary>The agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The model call that it belongs to, counted from 1.</summary>
    public required int Step { get; init; }

    /// <summary>The ledger sequence of its record; null for what is only streamed.</summary>
    public long? Sequence { get; init; }

    /// <summary>Text of the model, or output of a tool.</summary>
    public string? Text { get; init; }

    /// <summary>The tool's name.</summary>
    public string? Tool { get; init; }

    /// <summary>The tool call's id within the session.</summary>
    public string? Call { get; init; }

    /// <summary>The tool call's arguments, as JSON.</summary>
    public string? Arguments { get; init; }

    /// <summary>The request that persons answer.</summary>
    public string? Approval { get; init; }

    /// <summary>For a question to a person: the JSON Schema of its answer.</summary>
    public string? Form { get; init; }

    /// <summary>The outcome of a tool call: <c>ok</c>, <c>error</c> or <c>unknown</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary>Why a call was refused, or a session ended.</summary>
    public string? Reason { get; init; }

    /// <summary>The rules that decided.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>More for who asks why, in words: the bounds of a session, how a route chose, what rules oblige a call to.</summary>
    public string? Detail { get; init; }

    /// <summary>What a model call cost, in USD.</summary>
    public decimal? Cost { get; init; }

    /// <summary>At the end: the result.</summary>
    public InvocationResult? Result { get; init; }
}
