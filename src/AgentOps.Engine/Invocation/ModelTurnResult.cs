using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Invocation;

/// <summary>What one model call brought, or why it was not made.</summary>
internal sealed record ModelTurnResult
{
    /// <summary>Set when the call was not made: the session ends.</summary>
    public TurnEnd? End { get; init; }

    /// <summary>The model's message, to go back to it in the next call.</summary>
    public Message Message { get; init; } = new(MessageRole.Assistant, []);

    /// <summary>Its text.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>The tool calls that it proposed, in order.</summary>
    public IReadOnlyList<ToolCallPart> Calls { get; init; } = [];

    /// <summary>Why it stopped.</summary>
    public StopReason Stop { get; init; }

    /// <summary>Tokens.</summary>
    public Usage Usage { get; init; } = new(0, 0, 0, 0, 0, false);

    /// <summary>Cost in USD.</summary>
    public decimal Cost { get; init; }

    public static ModelTurnResult Ended(TurnEnd end) => new() { End = end };
}
