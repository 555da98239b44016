using System.Management.Automation;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Approves requests, as the account that runs this process or as the person whose key signs.</summary>
[Cmdlet(VerbsLifecycle.Approve, "AgentOpsRequest", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = AccountSet)]
[OutputType(typeof(Request))]
public sealed class ApproveAgentOpsRequestCommand : AnswerCmdlet
{
    /// <summary>The answer to a question: a text, or a table with the fields of its form.</summary>
    [Parameter(ParameterSetName = AccountSet)]
    [Parameter(ParameterSetName = KeySet)]
    [ValidateNotNull]
    public object? Answer { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken) => AnswerAsync(approves: true, AnswerJson.Of(Answer), "Approve the request", cancellationToken);
}
