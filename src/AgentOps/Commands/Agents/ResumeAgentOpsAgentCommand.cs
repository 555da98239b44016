using System.Management.Automation;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lets suspended agents act again.</summary>
[Cmdlet(VerbsLifecycle.Resume, "AgentOpsAgent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Agent))]
public sealed class ResumeAgentOpsAgentCommand : AgentRightCmdlet
{
    private protected override Task ProcessAsync(CancellationToken cancellationToken) =>
        ChangeAsync("Resume the agent", (agents, name) => agents.ResumeAsync(name, Reason, cancellationToken), cancellationToken);
}
