using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Asks providers to stop batches.</summary>
[Cmdlet(VerbsLifecycle.Stop, "AgentOpsBatch", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Batch))]
public sealed class StopAgentOpsBatchCommand : WorkspaceCmdlet
{
    /// <summary>The ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BatchIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Gives the batch.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Id, "Stop the batch", async id =>
        {
            var stopped = await workspace.Batches.StopAsync(id, cancellationToken);
            if (PassThru)
            {
                await WriteAsync(Batch.From(stopped));
            }
        });
    }
}
