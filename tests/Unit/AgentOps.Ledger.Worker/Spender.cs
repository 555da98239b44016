using System.Globalization;
using System.Text.Json.Nodes;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;

namespace AgentOps.Ledger.Worker;

/// <summary>
/// Makes calls of one dollar each against a budget of five hundred: reserves, makes the call if the reservation still
/// stands, commits. Reservations that a killed process left are settled by what the ledger tells.
/// </summary>
internal static class Spender
{
    /// <summary>How long a call may take before its reservation counts as left behind.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary>The budget.</summary>
    public static readonly Budget Budget = new() { Name = "test", Scope = BudgetScope.Workspace, Max = 500m };

    /// <summary>Opens the store as a worker.</summary>
    public static ValueTask<FileLedgerStore> OpenAsync(string folder, SpendProjection projection) => FileLedgerStore.OpenAsync(
        new FileLedgerOptions
        {
            Path = folder,
            Actor = new Actor(null, "spender", Environment.MachineName, "spender:" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture)),
            LockTimeout = TimeSpan.FromSeconds(60),
        },
        projection, TimeProvider.System, CancellationToken.None);

    /// <summary>Makes calls and says of each how it ended.</summary>
    public static async Task<int> RunAsync(string folder, int calls)
    {
        var projection = new SpendProjection();
        await using var store = await OpenAsync(folder, projection);
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        for (var i = 0; i < calls; i++)
        {
            await output.WriteLineAsync(await CallAsync(store, projection, Guid.NewGuid().ToString("N")) ? "made" : "refused");
        }

        return 0;
    }

    /// <summary>One call; false when the budget refused it.</summary>
    public static async Task<bool> CallAsync(FileLedgerStore store, SpendProjection projection, string id)
    {
        await ReconcileAsync(store, projection);
        var fits = await store.TransactAsync(transaction =>
        {
            if (!projection.Limits.TryReserve(id, [Budget.Demand(1m)], transaction.Now, Lease, out var reserved, out _, out _))
            {
                return false;
            }

            transaction.Add(reserved);
            return true;
        }, CancellationToken.None);
        if (!fits)
        {
            return false;
        }

        var stands = await store.TransactAsync(transaction =>
        {
            if (!projection.Limits.IsOpen(id))
            {
                return false;
            }

            transaction.Add(new NewEvent(SpendProjection.Called, 1, new JsonObject { ["id"] = id }));
            return true;
        }, CancellationToken.None);
        if (!stands)
        {
            return false;
        }

        return await store.TransactAsync(transaction =>
        {
            // Another process may have settled it, by the same evidence, because this one was late.
            if (projection.Limits.Commit(id) is { } committed)
            {
                transaction.Add(committed);
            }

            return true;
        }, CancellationToken.None);
    }

    /// <summary>Settles what killed processes left.</summary>
    public static async Task ReconcileAsync(FileLedgerStore store, SpendProjection projection) => await store.TransactAsync(transaction =>
    {
        foreach (var settled in projection.Limits.Reconcile(transaction.Now, reservation => projection.Calls.Contains(reservation.Id)))
        {
            transaction.Add(settled);
        }

        return true;
    }, CancellationToken.None);
}
