using AgentOps.Engine.Invocation;
using AgentOps.Hosting;

namespace AgentOps.Output;

/// <summary>What came of one invocation.</summary>
public sealed record Result
{
    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>The session's id.</summary>
    public required string Session { get; init; }

    /// <summary>How it ended: <c>Completed</c>, <c>Refused</c>, <c>LimitReached</c>, <c>Stopped</c> or <c>Failed</c>; <c>Pending</c> when it waits for persons.</summary>
    public required string Status { get; init; }

    /// <summary>The agent's last words.</summary>
    public required string Answer { get; init; }

    /// <summary>The answer's value, where a schema was given for it: objects, lists, texts, whole numbers, decimals, truth values.</summary>
    public object? Output { get; init; }

    /// <summary>Why it ended so.</summary>
    public required string Reason { get; init; }

    /// <summary>What the models cost, in USD.</summary>
    public required decimal Cost { get; init; }

    /// <summary>Input tokens of all model calls.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Output tokens of all model calls.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Model calls.</summary>
    public required int Steps { get; init; }

    /// <summary>Tool calls that ran.</summary>
    public required int ToolCalls { get; init; }

    /// <summary>Tool calls that were refused.</summary>
    public required int Refusals { get; init; }

    /// <summary>Tool calls that were only planned.</summary>
    public required int Planned { get; init; }

    /// <summary>The tool calls that were only planned, in order, each with its arguments and the rules that would allow it.</summary>
    public IReadOnlyList<StreamEvent> Plan { get; init; } = [];

    /// <summary>Of a session that failed and undid what it did: each call that changed something, the newest first, and what became of it.</summary>
    public IReadOnlyList<UndoneCall> Undone { get; init; } = [];

    /// <summary>Wall time.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The ledger sequence of the session's first record.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The ledger sequence of the session's last record.</summary>
    public required long LastSequence { get; init; }

    /// <summary>The session, so that a result serves where one is asked for.</summary>
    public override string ToString() => Session;

    internal static Result From(InvocationResult result) => new()
    {
        Agent = result.Agent,
        Session = result.Session,
        Status = result.Status.ToString(),
        Answer = result.Answer,
        Output = result.Output is { } value ? ValueJson.Read(value) : null,
        Reason = result.Reason,
        Cost = result.Cost,
        InputTokens = result.InputTokens,
        OutputTokens = result.OutputTokens,
        Steps = result.Steps,
        ToolCalls = result.ToolCalls,
        Refusals = result.Refusals,
        Planned = result.Planned,
        Undone = [.. result.Undone.Select(call => UndoneCall.From(result.Session, call))],
        Duration = result.Duration,
        FirstSequence = result.FirstSequence,
        LastSequence = result.LastSequence,
    };
}
