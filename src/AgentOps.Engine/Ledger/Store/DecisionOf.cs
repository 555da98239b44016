namespace AgentOps.Engine.Ledger;

/// <summary>A decision with its result.</summary>
internal sealed class Decision<T>(Func<LedgerTransaction, T> decide) : Decision
{
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration registration;
    private int state;
    private T result = default!;

    /// <summary>Ends when the batch is durable or the decision has failed.</summary>
    public Task<T> Task => completion.Task;

    /// <inheritdoc/>
    public override bool IsOver => completion.Task.IsCompleted;

    /// <summary>Lets the caller leave while the decision has not begun.</summary>
    public void CancelWith(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            registration = cancellationToken.Register(() =>
            {
                if (Interlocked.CompareExchange(ref state, 2, 0) == 0)
                {
                    completion.TrySetCanceled(cancellationToken);
                }
            });
        }
    }

    /// <inheritdoc/>
    public override bool Run(LedgerTransaction transaction)
    {
        if (Interlocked.CompareExchange(ref state, 1, 0) != 0)
        {
            return false;
        }

        Transaction = transaction;
        try
        {
            result = decide(transaction);
            return true;
        }
        catch (Exception exception)
        {
            Fail(exception);
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        registration.Dispose();
        completion.TrySetResult(result);
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception)
    {
        registration.Dispose();
        completion.TrySetException(exception);
    }
}
