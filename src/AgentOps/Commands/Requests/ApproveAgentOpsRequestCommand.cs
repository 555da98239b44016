using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Approves requests, as the account that runs this process.</summary>
[Cmdlet(VerbsLifecycle.Approve, "AgentOpsRequest", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Request))]
public sealed class ApproveAgentOpsRequestCommand : WorkspaceCmdlet
{
    /// <summary>The ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RequestIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Why; recorded in the ledger.</summary>
    [Parameter]
    public string? Reason { get; set; }

    /// <summary>The answer to a question: a text, or a table with the fields of its form.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Answer { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Id, "Approve the request", async id =>
            await WriteAsync(Request.From(await workspace.Requests.AnswerAsync(id, approves: true, Reason, AnswerJson.Of(Answer), cancellationToken))));
    }
}
