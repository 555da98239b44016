namespace AgentOps.Engine.Providers;

/// <summary>
/// One piece of a message: <see cref="TextPart"/>, <see cref="ImagePart"/>, <see cref="ReasoningPart"/>,
/// <see cref="ToolCallPart"/> or <see cref="ToolResultPart"/>. No other kinds exist.
/// </summary>
public abstract record MessagePart
{
    private protected MessagePart()
    {
    }
}
