using AgentOps.Engine.Providers;
using AgentOps.Engine.Sessions;

namespace AgentOps.Engine.Invocation;

/// <summary>What a model is told of a call that it proposed; the same words whether told at once or from the ledger.</summary>
internal static class ToolReply
{
    /// <summary>The call ran.</summary>
    public static ToolResultPart Completed(ToolCallPart call, string content, bool succeeded) => new(call.Id, call.Name, content, !succeeded);

    /// <summary>The call was refused.</summary>
    public static ToolResultPart Refused(ToolCallPart call, string reason) => new(call.Id, call.Name, $"Refused: {reason}", IsError: true);

    /// <summary>The call was only planned.</summary>
    public static ToolResultPart Planned(ToolCallPart call) =>
        new(call.Id, call.Name, "Planned only: the call would be allowed, and was not run.", IsError: false);

    /// <summary>A person said what became of a call in doubt.</summary>
    public static ToolResultPart Reconciled(ToolCallPart call, string outcome) => outcome == ToolCallOutcome.Ok
        ? new ToolResultPart(call.Id, call.Name, "A person found that the call did what was asked; its output is lost.", IsError: false)
        : new ToolResultPart(call.Id, call.Name, "A person found that the call did not do what was asked.", IsError: true);

    /// <summary>The session ended before the call's turn came.</summary>
    public static ToolResultPart NotReached(ToolCallPart call) => new(call.Id, call.Name, "Not run: the session ended before.", IsError: true);
}
