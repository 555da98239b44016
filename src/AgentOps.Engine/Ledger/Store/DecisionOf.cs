namespace AgentOps.Engine.Ledger;

/// <summary>A decision with its result.</summary>
internal sealed class Decision<T>(Func<LedgerTransaction, T> decide) : Decision
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;
    private int _state;
    private T _result = default!;

    /// <summary>Ends when the batch is durable or the decision has failed.</summary>
    public Task<T> Task => _completion.Task;

    /// <inheritdoc/>
    public override bool IsOver => _completion.Task.IsCompleted;

    /// <summary>Lets the caller leave while the decision has not begun.</summary>
    public void CancelWith(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.Register(() =>
            {
                if (Interlocked.CompareExchange(ref _state, 2, 0) == 0)
                {
                    _completion.TrySetCanceled(cancellationToken);
                }
            });
        }
    }

    /// <inheritdoc/>
    public override bool Run(LedgerTransaction transaction)
    {
        if (Interlocked.CompareExchange(ref _state, 1, 0) != 0)
        {
            return false;
        }

        Transaction = transaction;
        try
        {
            _result = decide(transaction);
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
        _registration.Dispose();
        _completion.TrySetResult(_result);
    }

    /// <inheritdoc/>
    public override void Fail(Exception exception)
    {
        _registration.Dispose();
        _completion.TrySetException(exception);
    }
}
