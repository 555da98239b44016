using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Workspaces;

/// <summary>The store and its projection as one: changes are decided on a state that is current, in the critical section of the append.</summary>
internal sealed class WorkspaceLedger(ILedgerStore store, WorkspaceProjection projection)
{
    /// <summary>The store.</summary>
    public ILedgerStore Store => store;

    /// <summary>The state as last seen; may lag behind other processes.</summary>
    public WorkspaceState Seen => projection.Current;

    /// <summary>The state with everything that other processes have appended until now.</summary>
    public async ValueTask<WorkspaceState> RefreshAsync(CancellationToken cancellationToken)
    {
        await store.RefreshAsync(cancellationToken);
        return projection.Current;
    }

    /// <summary>Decides on a current state and appends what was decided; what it returns is read before anyone else changes it.</summary>
    public ValueTask<T> TransactAsync<T>(Func<WorkspaceState, LedgerTransaction, T> decide, CancellationToken cancellationToken) =>
        store.TransactAsync(transaction => decide(projection.Current, transaction), cancellationToken);

    /// <summary>The same for a change whose result is read from the state after it.</summary>
    public async ValueTask<T> ChangeAsync<T>(Action<WorkspaceState, LedgerTransaction> decide, Func<WorkspaceState, T> read, CancellationToken cancellationToken)
    {
        await store.TransactAsync(
            transaction =>
            {
                decide(projection.Current, transaction);
                return true;
            },
            cancellationToken);
        return read(projection.Current);
    }
}
