namespace AgentOps.Engine.Providers.Simulated;

/// <summary>What a simulated model does in one attempt of one turn, everything filled in.</summary>
/// <param name="Number">The turn, from 1.</param>
/// <param name="Reason">The reasoning shown; may be empty.</param>
/// <param name="Pieces">The text, in the pieces in which it is streamed.</param>
/// <param name="Calls">The tool calls.</param>
/// <param name="Stop">Why it stops.</param>
/// <param name="Usage">The tokens reported.</param>
/// <param name="Fault">What goes wrong in this attempt; null: nothing.</param>
/// <param name="FirstToken">The wait before the first piece.</param>
/// <param name="PerToken">The wait before each further piece.</param>
public sealed record ScenarioTurn(
    int Number,
    string Reason,
    IReadOnlyList<string> Pieces,
    IReadOnlyList<ToolCallPart> Calls,
    StopReason Stop,
    Usage Usage,
    ScenarioFault? Fault,
    TimeSpan FirstToken,
    TimeSpan PerToken);
