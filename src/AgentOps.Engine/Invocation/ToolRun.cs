using System.Runtime.ExceptionServices;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Invocation;

/// <summary>One call that was run, before its outcome is recorded.</summary>
/// <param name="Proposal">The call as decided.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Duration">How long it ran.</param>
/// <param name="Fault">What is thrown once the outcome is recorded: a stop, or a fault of the executor itself.</param>
internal sealed record ToolRun(ToolProposal Proposal, ToolOutcome Outcome, TimeSpan Duration, ExceptionDispatchInfo? Fault);
