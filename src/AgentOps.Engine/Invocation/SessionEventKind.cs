namespace AgentOps.Engine.Invocation;

/// <summary>What an event of a running session tells.</summary>
public enum SessionEventKind
{
    /// <summary>The session was opened.</summary>
    Opened,

    /// <summary>A piece of the model's text, as it streams.</summary>
    Text,

    /// <summary>A piece of the model's reasoning, as it streams.</summary>
    Reasoning,

    /// <summary>A model is about to be called: where the prompt goes, why, and what was set aside for it.</summary>
    RouteChosen,

    /// <summary>A target of the route failed; the next one, if any, is tried.</summary>
    RouteFailed,

    /// <summary>A model call ended; its cost is settled.</summary>
    ModelCompleted,

    /// <summary>A tool call was allowed and starts.</summary>
    ToolStarted,

    /// <summary>A tool call ended.</summary>
    ToolCompleted,

    /// <summary>A tool call was refused.</summary>
    ToolRefused,

    /// <summary>Persons are asked to approve a tool call.</summary>
    ApprovalRequested,

    /// <summary>A tool call was planned and not run.</summary>
    ToolPlanned,

    /// <summary>The conversation neared its model's context, and its older part became a summary.</summary>
    Compacted,

    /// <summary>The model's answer does not fit the schema that was given for it; it is told why.</summary>
    AnswerRefused,

    /// <summary>A bound on steps, tool calls, time, money or tokens struck; the session ends.</summary>
    LimitReached,

    /// <summary>The session failed, and begins to undo what it did.</summary>
    Undoing,

    /// <summary>A call that changed something, or may have, was not undone; the event says why.</summary>
    NotUndone,

    /// <summary>Another process's session was taken over; the earlier one may do no more.</summary>
    Resumed,

    /// <summary>The session waits for persons, and is let go of until it is resumed; the event carries the result until here.</summary>
    Waiting,

    /// <summary>The session ended; the event carries the result.</summary>
    Ended,
}
