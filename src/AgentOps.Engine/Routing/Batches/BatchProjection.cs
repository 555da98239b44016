using System.Collections.Immutable;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Routing;

/// <summary>Folds the records of batches.</summary>
internal static class BatchProjection
{
    public static ImmutableDictionary<string, BatchState> Apply(ImmutableDictionary<string, BatchState> batches, LedgerRecord record)
    {
        var data = record.Data;
        var id = data.RequiredText("id");
        if (record.Type == EventTypes.BatchRequested)
        {
            return batches.SetItem(id, new BatchState
            {
                Id = id,
                Status = BatchStatus.Submitting,
                Route = data.RequiredText("route"),
                Target = RouteTarget.FromJson(data.GetProperty("target").Clone()),
                Count = (int)(data.Integer("count") ?? 0),
                Prompts = data.RequiredText("prompts"),
                Expected = data.Amount("reserved"),
                Task = record.Task,
                Submitted = record.Time,
            });
        }

        return batches.TryGetValue(id, out var batch) ? batches.SetItem(id, Next(batch, record)) : batches;
    }

    private static BatchState Next(BatchState batch, LedgerRecord record)
    {
        var data = record.Data;
        return record.Type switch
        {
            // Also after a refusal: the provider's own id is the stronger word.
            EventTypes.BatchAccepted when batch.VendorId is null => batch with { Status = BatchStatus.Running, VendorId = data.RequiredText("vendorId"), Reason = null },
            EventTypes.BatchUnknown => batch with { Status = BatchStatus.Unknown, Reason = data.Text("reason") },
            EventTypes.BatchRefused => batch with { Status = BatchStatus.Refused, Reason = data.Text("reason") },
            EventTypes.BatchStopRequested => batch with { Status = BatchStatus.Stopping },
            EventTypes.BatchCollected => batch with
            {
                Status = BatchStatus.Collected,
                Results = data.Text("results"),
                Cost = data.Amount("cost") ?? 0,
                Answered = (int)(data.Integer("answered") ?? 0),
                Collected = record.Time,
            },
            _ => batch,
        };
    }
}
