namespace AgentOps.Output;

/// <summary>Something that happened in a running session, as it happened.</summary>
public sealed record StreamEvent
{
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What it tells: <c>Opened</c>, <c>Text</c>, <c>Reasoning</c>, <c>RouteChosen</c>, <c>RouteFailed</c>, <c>ModelCompleted</c>, <c>ToolStarted</c>, <c>ToolCompleted</c>, <c>ToolRefused</c>, <c>ToolPlanned</c>, <c>ApprovalRequested</c>, <c>Undoing</c>, <c>NotUndone</c>, <c>Resumed</c>, <c>Waiting</c> or <c>Ended</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>The session's id.</summary>
    public required string Session { get; init; }

    /// <summary>The model call that it belongs to, counted from 1.</summary>
    public required int Step { get; init; }

    /// <summary>The ledger sequence of its record; null for what is only streamed.</summary>
    public long? Sequence { get; init; }

    /// <summary>Text of the model, or output of a tool.</summary>
    public string? Text { get; init; }

    /// <summary>The tool.</summary>
    public string? Tool { get; init; }

    /// <summary>The tool call's id within the session.</summary>
    public string? Call { get; init; }

    /// <summary>The tool call's arguments, as JSON.</summary>
    public string? Arguments { get; init; }

    /// <summary>The outcome of a tool call: <c>ok</c>, <c>error</c> or <c>unknown</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary>Why a call was refused, or a session ended.</summary>
    public string? Reason { get; init; }

    /// <summary>The request that persons answer.</summary>
    public string? Request { get; init; }

    /// <summary>The rules that decided.</summary>
    public required IReadOnlyList<string> Rule { get; init; }

    /// <summary>More for who asks why, in words: the bounds of a session, how a route chose, what rules oblige a call to.</summary>
    public string? Detail { get; init; }

    /// <summary>What a model call cost, in USD.</summary>
    public decimal? Cost { get; init; }

    /// <summary>At the end: the result.</summary>
    public Result? Result { get; init; }

    internal static StreamEvent From(Engine.Invocation.SessionEvent item) => new()
    {
        Time = item.Time,
        Kind = item.Kind.ToString(),
        Agent = item.Agent,
        Session = item.Session,
        Step = item.Step,
        Sequence = item.Sequence,
        Text = item.Text,
        Tool = item.Tool,
        Call = item.Call,
        Arguments = item.Arguments,
        Outcome = item.Outcome,
        Reason = item.Reason,
        Detail = item.Detail,
        Request = item.Approval,
        Rule = item.Rules,
        Cost = item.Cost,
        Result = item.Result is { } result ? Result.From(result) : null,
    };
}
