using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Sessions;

/// <summary>A tool call that was started and has no recorded outcome yet.</summary>
/// <param name="Sequence">The ledger sequence of the intent.</param>
/// <param name="Call">The call's id within the session.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Started">When the intent was recorded, UTC.</param>
public sealed record ToolCallIntent(long Sequence, string Call, string Tool, DateTimeOffset Started)
{
    /// <summary>What a call of the tool does to the world, as it was declared when the call began.</summary>
    public SideEffect SideEffect { get; init; } = SideEffect.Irreversible;

    /// <summary>Its frozen arguments; null when they were too long to be recorded whole.</summary>
    public BoundArguments? Arguments { get; init; }
}
