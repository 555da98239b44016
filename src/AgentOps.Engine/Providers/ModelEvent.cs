namespace AgentOps.Engine.Providers;

/// <summary>
/// What a model says while it answers: <see cref="TextDelta"/>, <see cref="ReasoningDelta"/>, <see cref="ToolCallProposed"/>,
/// and exactly one <see cref="ModelCompleted"/> at the end. No other kinds exist.
/// </summary>
public abstract record ModelEvent
{
    private protected ModelEvent()
    {
    }
}
