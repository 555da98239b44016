using System.Management.Automation;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Denies requests, as the account that runs this process or as the person whose key signs.</summary>
[Cmdlet(VerbsLifecycle.Deny, "AgentOpsRequest", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = AccountSet)]
[OutputType(typeof(Request))]
public sealed class DenyAgentOpsRequestCommand : AnswerCmdlet
{
    private protected override Task ProcessAsync(CancellationToken cancellationToken) => AnswerAsync(approves: false, null, "Deny the request", cancellationToken);
}
