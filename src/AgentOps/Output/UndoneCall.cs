namespace AgentOps.Output;

/// <summary>A call that changed something, and what became of its undoing.</summary>
public sealed record UndoneCall
{
    /// <summary>The session's id.</summary>
    public required string Session { get; init; }

    /// <summary>The call's id within the session.</summary>
    public required string Call { get; init; }

    /// <summary>Its tool.</summary>
    public required string Tool { get; init; }

    /// <summary><c>Undone</c>, <c>Refused</c>, <c>Pending</c>, <c>Failed</c>, <c>Unknown</c> or <c>Impossible</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The tool that undid it, or was to.</summary>
    public string? Compensation { get; init; }

    /// <summary>Why it was not undone; empty when it was.</summary>
    public required string Reason { get; init; }

    /// <summary>The ledger sequence of the call's intent.</summary>
    public required long Sequence { get; init; }

    internal static UndoneCall From(string session, Engine.Invocation.UndoneCall call) => new()
    {
        Session = session,
        Call = call.Call,
        Tool = call.Tool,
        Outcome = call.Outcome.ToString(),
        Compensation = call.Compensation,
        Reason = call.Reason,
        Sequence = call.Sequence,
    };
}
