namespace AgentOps.Engine.Ledger;

/// <summary>
/// Group commit: the first caller carries out a batch on its own thread; callers that come meanwhile wait, and
/// form the next batch, which shares one lock, one write and one flush.
/// </summary>
/// <param name="commit">Carries out a batch: runs, writes and completes or fails every decision of it.</param>
internal sealed class CommitQueue(Func<IReadOnlyList<Decision>, ValueTask> commit)
{
    private readonly object _gate = new();
    private List<Decision> _waiting = [];
    private bool _isRunning;

    /// <summary>Adds a decision, and carries out a batch where none is running.</summary>
    public async ValueTask<T> RunAsync<T>(Func<LedgerTransaction, T> decide, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var decision = new Decision<T>(decide);
        bool leads;
        lock (_gate)
        {
            _waiting.Add(decision);
            leads = !_isRunning;
            _isRunning = true;
        }

        decision.CancelWith(cancellationToken);
        if (leads)
        {
            var turn = RunTurnAsync();
            if (turn.IsCompletedSuccessfully)
            {
                turn.GetAwaiter().GetResult();
            }
            else
            {
                _ = turn.AsTask();
            }
        }

        return await decision.Task.ConfigureAwait(false);
    }

    private async ValueTask RunTurnAsync()
    {
        List<Decision> batch;
        lock (_gate)
        {
            batch = _waiting;
            _waiting = [];
        }

        try
        {
            await commit(batch).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            foreach (var decision in batch)
            {
                decision.Fail(exception);
            }
        }

        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _isRunning = false;
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.RunTurnAsync().AsTask(), this, preferLocal: false);
    }
}
