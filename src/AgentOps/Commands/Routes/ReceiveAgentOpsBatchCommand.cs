using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;

namespace AgentOps.Commands;

/// <summary>Collects the answers of batches.</summary>
[Cmdlet(VerbsCommunications.Receive, "AgentOpsBatch", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Output.Completion))]
public sealed class ReceiveAgentOpsBatchCommand : BatchCmdlet
{
    /// <summary>The ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BatchIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Waits for those that have not ended.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Id, "Collect the batch and settle its cost", async id =>
        {
            if (Wait)
            {
                var batch = (await workspace.GetStateAsync(cancellationToken)).Batches.GetValueOrDefault(id)
                    ?? throw new AgentOpsException(ErrorCodes.BatchNotFound, $"There is no batch '{id}'.", id);
                await WaitAsync(workspace, batch, cancellationToken);
            }

            await GiveAsync(workspace, id, cancellationToken);
        });
    }
}
