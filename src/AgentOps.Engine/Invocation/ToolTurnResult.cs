using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Invocation;

/// <summary>What became of one proposed tool call.</summary>
/// <param name="Proposal">The call as decided; null when the session was stopped before.</param>
/// <param name="Reply">What goes back to the model.</param>
/// <param name="End">Set when the session ends here.</param>
internal sealed record ToolTurnResult(ToolProposal? Proposal, ToolResultPart? Reply, TurnEnd? End)
{
    /// <summary>Whether the call ran and nobody knows whether it had its effect.</summary>
    public bool IsUnknown { get; init; }
}
