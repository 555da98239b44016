using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Asks sessions to stop, from any process.</summary>
[Cmdlet(VerbsLifecycle.Stop, "AgentOpsSession", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Session))]
public sealed class StopAgentOpsSessionCommand : WorkspaceCmdlet
{
    /// <summary>The ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Session")]
    [ArgumentCompleter(typeof(SessionIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Why; recorded in the ledger.</summary>
    [Parameter]
    public string? Reason { get; set; }

    /// <summary>Gives the session.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Id, "Stop the session", async id =>
        {
            var stopped = await workspace.Sessions.StopAsync(id, Reason, cancellationToken);
            if (PassThru)
            {
                await WriteAsync(Session.From(stopped));
            }
        });
    }
}
