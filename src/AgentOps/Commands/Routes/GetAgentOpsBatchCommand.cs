using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lists batches.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsBatch")]
[OutputType(typeof(Batch))]
public sealed class GetAgentOpsBatchCommand : WorkspaceCmdlet
{
    /// <summary>Ids or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(BatchIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Only batches that stand so.</summary>
    [Parameter]
    [ValidateSet("Submitting", "Unknown", "Running", "Stopping", "Refused", "Collected")]
    public string[]? State { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var batches = (await workspace.Batches.ListAsync(cancellationToken))
            .Select(Batch.From)
            .Where(batch => State is null || State.Contains(batch.State, StringComparer.OrdinalIgnoreCase));
        await WriteMatchesAsync(Id, batches, batch => batch.Id, batch => batch,
            id => new AgentOpsException(ErrorCodes.BatchNotFound, $"There is no batch '{id}'{(State is null ? "" : " that fits the rest of the command")}.", id));
    }
}
