using System.Text.Json;
using AgentOps.Engine.Sessions;

namespace AgentOps.Engine.Invocation;

/// <summary>What came of one invocation, with the evidence for it.</summary>
public sealed record InvocationResult
{
    /// <summary>The session's id.</summary>
    public required string Session { get; init; }

    /// <summary>The agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>How it ended.</summary>
    public required SessionStatus Status { get; init; }

    /// <summary>The agent's last words; empty when it had none.</summary>
    public required string Answer { get; init; }

    /// <summary>The answer as the value that a schema was given for; null where none was, or the session did not come to it.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>Why it ended so, in a sentence.</summary>
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

    /// <summary>Of a session that failed and undid what it did: one entry for each call that changed something, or may have, the newest first.</summary>
    public IReadOnlyList<UndoneCall> Undone { get; init; } = [];

    /// <summary>Wall time.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The ledger sequence of the session's first record.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The ledger sequence of the session's last record.</summary>
    public required long LastSequence { get; init; }
}
