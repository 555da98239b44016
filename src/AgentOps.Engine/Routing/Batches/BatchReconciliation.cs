using System.Globalization;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Routing;

/// <summary>
/// Finds out about batches of which no answer said whether they were taken, because the connection broke or the process ended: by
/// our name of them in the provider's own list. Nothing is ever submitted again.
/// </summary>
internal sealed class BatchReconciliation(WorkspaceLedger ledger, BatchJournal journal, BatchProviders providers, TimeProvider time)
{
    // A submission is two calls at most, each within the provider's total time-out, and a list may lag behind.
    private static readonly TimeSpan Lag = TimeSpan.FromMinutes(5);

    /// <summary>The batch, which the provider has.</summary>
    /// <exception cref="AgentOpsException"><c>BatchNotTaken</c>; <c>BatchUnknown</c>: that can't be told yet; <c>ProviderNotFound</c>, <c>ProviderInvalid</c>.</exception>
    /// <exception cref="ProviderFaultException">The provider could not say.</exception>
    public async ValueTask<BatchState> RequireTakenAsync(string id, CancellationToken cancellationToken)
    {
        var state = await ledger.RefreshAsync(cancellationToken);
        var batch = BatchJournal.Require(state, id);
        if (batch.VendorId is null && batch.Status != BatchStatus.Refused)
        {
            await LookAsync(state, batch, cancellationToken);
            batch = BatchJournal.Require(await ledger.RefreshAsync(CancellationToken.None), id);
        }

        return batch switch
        {
            { VendorId: not null } => batch,
            { Status: BatchStatus.Refused } => throw new AgentOpsException(ErrorCodes.BatchNotTaken, $"The provider did not take the batch {id}: {batch.Reason}", id),
            _ => throw Unknown(batch.Target.Provider, id, batch.Reason),
        };
    }

    /// <summary>The error of a batch that may be there or not.</summary>
    public static AgentOpsException Unknown(string provider, string id, string? why) =>
        new(ErrorCodes.BatchUnknown, $"Whether '{provider}' took the batch {id} is unknown: {why}", id);

    private async ValueTask LookAsync(WorkspaceState state, BatchState batch, CancellationToken cancellationToken)
    {
        var others = state.Batches.Values.Where(other => other.Id != batch.Id && other.VendorId is not null).Select(other => other.VendorId!).ToHashSet();
        var search = await providers.Require(state, batch).FindAsync(new BatchTrace(batch.Id, batch.Count, batch.Submitted, others), cancellationToken);
        if (search.Id is { } found)
        {
            await journal.AcceptAsync(batch.Id, found);
            return;
        }

        var total = ProviderTimeouts.FromOptions(state.Providers[batch.Target.Provider].Options).Total;
        var settled = batch.Submitted + (2 * total) + Lag;
        if (search.Why is { } why)
        {
            await journal.LeaveOpenAsync(batch.Id, why);
        }
        else if (time.GetUtcNow() < settled)
        {
            await journal.LeaveOpenAsync(batch.Id, string.Create(CultureInfo.InvariantCulture,
                $"It is not among the provider's batches, where it may still appear until {settled.UtcDateTime:yyyy-MM-dd HH:mm} UTC."));
        }
        else
        {
            await journal.RefuseAsync(batch.Id, "No answer came, and it is not among the provider's batches.");
        }
    }
}
