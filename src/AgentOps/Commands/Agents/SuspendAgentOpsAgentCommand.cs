using System.Management.Automation;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Takes from agents the right to act; their running sessions end.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "AgentOpsAgent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Agent))]
public sealed class SuspendAgentOpsAgentCommand : AgentRightCmdlet
{
    private protected override Task ProcessAsync(CancellationToken cancellationToken) =>
        ChangeAsync("Suspend the agent", (agents, name) => agents.SuspendAsync(name, Reason, cancellationToken), cancellationToken);
}
