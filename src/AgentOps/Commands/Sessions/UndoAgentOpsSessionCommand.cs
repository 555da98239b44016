using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Undoes what sessions did, the newest call first, as far as their tools declare how.</summary>
[Cmdlet(VerbsCommon.Undo, "AgentOpsSession", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(UndoneCall))]
public sealed class UndoAgentOpsSessionCommand : WorkspaceCmdlet
{
    /// <summary>The ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Session")]
    [ArgumentCompleter(typeof(SessionIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Leaves a compensation that needs approval, instead of waiting for the persons who are asked.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Id, "Undo what the session did", async id =>
        {
            foreach (var call in await workspace.Invoker.UndoAsync(id, NoWait, cancellationToken))
            {
                await WriteAsync(UndoneCall.From(id, call));
            }
        });
    }
}
