using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Routing;

/// <summary>What becomes of batches, in the ledger: each step once, whoever takes it first, together with what it means for budgets.</summary>
internal sealed class BatchJournal(WorkspaceLedger ledger)
{
    // Longer than any provider keeps results.
    private static readonly TimeSpan Lease = TimeSpan.FromDays(30);

    /// <summary>The batch.</summary>
    /// <exception cref="AgentOpsException"><c>BatchNotFound</c>.</exception>
    public static BatchState Require(WorkspaceState state, string id) => state.Batches.TryGetValue(id, out var batch)
        ? batch
        : throw new AgentOpsException(ErrorCodes.BatchNotFound, $"There is no batch '{id}'.", id);

    /// <summary>A batch is about to be handed over; the most that it can cost is taken from the budgets that cover it.</summary>
    /// <exception cref="AgentOpsException"><c>NoEligibleTarget</c>: a budget does not bear it.</exception>
    public async ValueTask RequestAsync(NewEvent requested, string id, RoutePrompt how, decimal most, CancellationToken cancellationToken) =>
        await ledger.TransactAsync(
            (state, transaction) =>
            {
                LimitDemand[] demands = [.. Budget.Demands(state, null, how.Task, most)];
                if (demands.Length > 0)
                {
                    if (!state.Limits.TryReserve(ReservationOf(id), demands, transaction.Now, Lease, out var reserved, out _, out var why))
                    {
                        throw new AgentOpsException(ErrorCodes.NoEligibleTarget, FormattableString.Invariant($"The batch may cost ${most}. {why}"), how.Route,
                            "Send fewer prompts, bound the answers with -MaxOutputTokens, or raise the budget.");
                    }

                    transaction.Add(reserved with { Task = how.Task });
                }

                transaction.Add(requested);
                return true;
            },
            cancellationToken);

    /// <summary>The provider has it. It must not be stopped any more. Where it was given up before, its money is set aside again.</summary>
    public ValueTask AcceptAsync(string id, string vendorId) => ChangeAsync(
        id,
        static batch => batch.VendorId is null,
        EventTypes.BatchAccepted,
        new JsonObject().With("id", id).With("vendorId", vendorId),
        static (state, batch, now) => batch.Status == BatchStatus.Refused ? SetAsideAgain(state, batch, now) : null);

    /// <summary>The provider does not have it: what was set aside is free again.</summary>
    public ValueTask RefuseAsync(string id, string reason) => ChangeAsync(
        id,
        static batch => batch.Status is BatchStatus.Submitting or BatchStatus.Unknown,
        EventTypes.BatchRefused,
        new JsonObject().With("id", id).With("reason", reason),
        static (state, batch, _) => state.Limits.Release(ReservationOf(batch.Id), "the provider did not take the batch"));

    /// <summary>Whether the provider has it is unknown for now; what was set aside stays so.</summary>
    public ValueTask LeaveOpenAsync(string id, string reason) => ChangeAsync(
        id,
        batch => batch.Status == BatchStatus.Submitting || (batch.Status == BatchStatus.Unknown && batch.Reason != reason),
        EventTypes.BatchUnknown,
        new JsonObject().With("id", id).With("reason", reason));

    /// <summary>The provider was asked to stop it.</summary>
    public ValueTask StopAsync(string id) => ChangeAsync(
        id, static batch => batch.Status == BatchStatus.Running, EventTypes.BatchStopRequested, new JsonObject().With("id", id));

    /// <summary>Its results are here; what they cost is settled.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="results">Its results.</param>
    /// <param name="kept">Where they are kept.</param>
    public async ValueTask SettleAsync(BatchState batch, IReadOnlyList<BatchItemResult> results, string kept) =>
        await ledger.TransactAsync(
            (state, transaction) =>
            {
                if (Require(state, batch.Id).Status == BatchStatus.Collected)
                {
                    return false;
                }

                foreach (var settled in BatchAnswers.Records(batch, results, kept))
                {
                    transaction.Add(settled);
                }

                Add(transaction, state.Limits.Commit(ReservationOf(batch.Id), BatchAnswers.Cost(batch, results)));
                return true;
            },
            CancellationToken.None);

    private static string ReservationOf(string id) => "batch/" + id;

    // Also beyond a budget's bound: it will be charged.
    private static NewEvent? SetAsideAgain(WorkspaceState state, BatchState batch, DateTimeOffset now)
    {
        LimitDemand[] demands = [.. Budget.Demands(state, null, batch.Task, batch.Expected ?? 0)];
        return demands.Length == 0 ? null : LimitEvents.MakeReserved(new LimitReservation(ReservationOf(batch.Id), now, now + Lease, demands)) with { Task = batch.Task };
    }

    private static void Add(LedgerTransaction transaction, NewEvent? settled)
    {
        if (settled is not null)
        {
            transaction.Add(settled);
        }
    }

    // The state is current where it is decided.
    private async ValueTask ChangeAsync(string id, Func<BatchState, bool> isDue, string type, JsonObject data, Func<WorkspaceState, BatchState, DateTimeOffset, NewEvent?>? settle = null) =>
        await ledger.TransactAsync(
            (state, transaction) =>
            {
                var batch = Require(state, id);
                if (!isDue(batch))
                {
                    return false;
                }

                transaction.Add(new NewEvent(type, EventTypes.Version, data) { Task = batch.Task });
                Add(transaction, settle?.Invoke(state, batch, transaction.Now));
                return true;
            },
            CancellationToken.None);
}
