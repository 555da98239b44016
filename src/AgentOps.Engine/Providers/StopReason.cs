namespace AgentOps.Engine.Providers;

/// <summary>Why a model stopped.</summary>
public enum StopReason
{
    /// <summary>The answer is complete.</summary>
    EndTurn,

    /// <summary>It waits for results of the tool calls that it proposed.</summary>
    ToolUse,

    /// <summary>The limit on output tokens struck; tool calls may be truncated.</summary>
    MaxTokens,

    /// <summary>The vendor's content filter struck.</summary>
    ContentFilter,

    /// <summary>The model declined.</summary>
    Refusal,

    /// <summary>The vendor paused a long turn; sending the conversation again continues it.</summary>
    Paused,

    /// <summary>The conversation filled the model's context.</summary>
    ContextWindowExceeded,

    /// <summary>The model wrote a tool call that the vendor could not parse.</summary>
    Malformed,

    /// <summary>The caller cancelled; usage is an estimate.</summary>
    Cancelled,

    /// <summary>A reason unknown to this version.</summary>
    Other,
}
