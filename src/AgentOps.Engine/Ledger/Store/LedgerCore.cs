using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// What every store does alike: enter the exclusive section, catch up, run the decisions of a batch, sign it, append it,
/// acknowledge; and what it does when one of these fails.
/// </summary>
internal sealed class LedgerCore : IAsyncDisposable
{
    private readonly ILedgerBackend _backend;
    private readonly SigningKeys _signing;
    private readonly LedgerState _state;
    private readonly BatchBuilder _batch;
    private readonly CommitQueue _queue;
    private readonly SnapshotKeeper _snapshots;
    private readonly SemaphoreSlim _section = new(1, 1);
    private AgentOpsException? _fault;
    private bool _mustReload = true;
    private bool _isUnsealed;
    private bool _isDisposed;

    /// <summary>Makes a core over a backend.</summary>
    public LedgerCore(ILedgerBackend backend, KeyFolder keys, BatchBuilder batch, LedgerState state, long snapshotEvery)
    {
        _backend = backend;
        _signing = new SigningKeys(keys);
        _batch = batch;
        _state = state;
        _snapshots = new SnapshotKeeper(backend, snapshotEvery);
        _queue = new CommitQueue(CommitBatchAsync);
    }

    /// <summary>The state; to be read inside the section, or where a value that lags does no harm.</summary>
    public LedgerState State => _state;

    /// <summary>Why nothing can be appended, or null.</summary>
    public string? ReadOnlyReason => _backend.Denied ?? _signing.Denied
        ?? (_state.UnknownEvent is { } unknown ? $"It holds an event that this version of AgentOps does not know: {unknown}." : null);

    /// <summary>Opens the ledger, and makes it where there is none and it may be written.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _backend.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var held = _backend.Denied is null ? await _backend.EnterAsync(cancellationToken).ConfigureAwait(false) : null;
            _batch.Clear();
            await CatchUpAsync(cancellationToken).ConfigureAwait(false);
            if (_state.Size == 0)
            {
                throw new AgentOpsException(ErrorCodes.StoreUnavailable, $"There is no ledger in '{_backend.Location}'.", _backend.Location);
            }

            await CheckEndAsync().ConfigureAwait(false);
            OpenSigner();
            await WriteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (_backend.IsUnavailable(exception))
        {
            throw MakeUnavailable(exception);
        }
    }

    /// <summary>Catches up with what others appended.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        await _section.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfUnusable();
            if (!_mustReload && !await _backend.HasNewsAsync(cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            await using var held = _backend.Denied is null && (_backend.ReadsInSection || _mustReload) ? await _backend.EnterAsync(cancellationToken).ConfigureAwait(false) : null;
            _batch.Clear();
            await CatchUpAsync(cancellationToken).ConfigureAwait(false);
            await WriteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (_backend.IsUnavailable(exception))
        {
            _mustReload = true;
            throw MakeUnavailable(exception);
        }
        finally
        {
            _section.Release();
        }
    }

    /// <summary>Decides and appends.</summary>
    public ValueTask<T> TransactAsync<T>(Func<LedgerTransaction, T> decide, CancellationToken cancellationToken) =>
        _queue.RunAsync(decide, cancellationToken);

    /// <summary>Appends events as one unit.</summary>
    public async ValueTask<IReadOnlyList<LedgerRecord>> AppendAsync(IReadOnlyList<NewEvent> events, CancellationToken cancellationToken)
    {
        var transaction = await _queue.RunAsync(
            transaction =>
            {
                foreach (var newEvent in events)
                {
                    transaction.Add(newEvent);
                }

                return transaction;
            },
            cancellationToken).ConfigureAwait(false);
        return transaction.Records;
    }

    /// <summary>Appends an event of the store's own.</summary>
    public ValueTask<bool> AppendOwnAsync(NewEvent newEvent, CancellationToken cancellationToken) => _queue.RunAsync(
        transaction =>
        {
            transaction.AddOwn(newEvent);
            return true;
        },
        cancellationToken);

    /// <summary>Reads something of the state inside the section.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<LedgerState, T> read, CancellationToken cancellationToken)
    {
        await _section.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfUnusable();
            await SealAsync().ConfigureAwait(false);
            return read(_state);
        }
        finally
        {
            _section.Release();
        }
    }

    /// <summary>Gives the newest commit line as a checkpoint. It waits for a batch under way.</summary>
    public LedgerCheckpoint GetCheckpoint() =>
        ReadAsync(read => read.LastCommit!.ToCheckpoint(read.Origin!), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <summary>Replaces the signing key: the batch that names the new one is the last that the old one signs.</summary>
    public async ValueTask<VerifierKey> RotateKeyAsync(CancellationToken cancellationToken)
    {
        var name = await ReadAsync(read => read.Origin!, cancellationToken).ConfigureAwait(false);
        var next = _signing.CreateNext(name);
        await _queue.RunAsync(
            transaction =>
            {
                transaction.AddOwn(LedgerEvents.MakeKeyRotated(next.Verifier));
                _signing.Announce(next);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return next.Verifier;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _section.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                await SealAsync().ConfigureAwait(false);
                await SaveSnapshotAsync(atEnd: true).ConfigureAwait(false);
                await _backend.DisposeAsync().ConfigureAwait(false);
                _signing.Dispose();
            }
        }
        finally
        {
            _section.Release();
        }
    }

    private async ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_mustReload)
            {
                await ReloadAsync().ConfigureAwait(false);
            }

            var torn = await _backend.CatchUpAsync(_state, cancellationToken).ConfigureAwait(false);
            if (_backend.Denied is not null)
            {
                return;
            }

            if (_state.Size == 0)
            {
                Create();
            }

            if (torn is not null)
            {
                _batch.AddOwn(LedgerEvents.MakeRecovered(torn.Bytes, torn.Digest));
            }
        }
        catch (AgentOpsException exception) when (exception.Code == ErrorCodes.LedgerTampered)
        {
            _fault = exception;
            _state.Reset();
            throw;
        }
        catch
        {
            _mustReload = true;
            throw;
        }
    }

    private async ValueTask ReloadAsync()
    {
        _state.Reset();
        _backend.Seek(default, []);
        if (_backend.Denied is null)
        {
            await _signing.RestoreAsync(_snapshots, _state).ConfigureAwait(false);
        }

        _mustReload = false;
    }

    private void Create()
    {
        _backend.CheckThatItIsNew();
        _batch.AddOwn(LedgerEvents.MakeCreated(_signing.Create().Verifier));
    }

    private async ValueTask CommitBatchAsync(IReadOnlyList<Decision> decisions)
    {
        await _section.WaitAsync().ConfigureAwait(false);
        try
        {
            ThrowIfUnusable();
            await using var held = _backend.Denied is null ? await _backend.EnterAsync(CancellationToken.None).ConfigureAwait(false) : null;
            _batch.Clear();
            await CatchUpAsync(CancellationToken.None).ConfigureAwait(false);
            var readOnly = ReadOnlyReason is { } reason
                ? new AgentOpsException(ErrorCodes.LedgerReadOnly, $"Nothing can be appended to '{_backend.Location}'. {reason}", _backend.Location)
                : null;
            foreach (var decision in decisions)
            {
                _batch.Run(decision, readOnly);
            }

            await WriteAsync().ConfigureAwait(false);
            _batch.Complete();
        }
        catch (Exception exception)
        {
            _mustReload = true;
            var error = _backend.IsUnavailable(exception) ? MakeUnavailable(exception) : exception;
            _batch.Fail(error);
            if (ReferenceEquals(error, exception))
            {
                throw;
            }

            throw error;
        }
        finally
        {
            _section.Release();
        }
    }

    private async ValueTask WriteAsync()
    {
        if (_batch.Lines == 0)
        {
            return;
        }

        try
        {
            OpenSigner();
            if (_backend.SealsLater && _state.LastCommit is not null)
            {
                _isUnsealed = true;
                await _backend.AppendAsync(_batch).ConfigureAwait(false);
                return;
            }

            _batch.Seal(_signing.Signer ?? throw new AgentOpsException(ErrorCodes.LedgerReadOnly, $"Nothing can be appended to '{_backend.Location}'. {_signing.Denied}", _backend.Location));
            await _backend.AppendAsync(_batch).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _mustReload = true;
            if (!await TryUndoAsync().ConfigureAwait(false))
            {
                throw new AgentOpsException(ErrorCodes.StoreOutcomeUnknown,
                    $"The write to '{_backend.Location}' failed, and could not be taken back: {exception.Message}", _backend.Location, innerException: exception);
            }

            throw;
        }

        await SaveSnapshotAsync(atEnd: false).ConfigureAwait(false);
        _backend.OnCommitted(_state);
    }

    /// <summary>Writes the commit line that <see cref="ILedgerBackend.SealsLater"/> put off.</summary>
    private async ValueTask SealAsync()
    {
        if (_isUnsealed)
        {
            _isUnsealed = false;
            _batch.Clear();
            OpenSigner();
            _batch.Seal(_signing.Signer!);
            await _backend.AppendAsync(_batch).ConfigureAwait(false);
            _backend.OnCommitted(_state);
        }
    }

    private async ValueTask<bool> TryUndoAsync()
    {
        try
        {
            return await _backend.UndoAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (_backend.IsUnavailable(exception))
        {
            return false;
        }
    }

    private async ValueTask SaveSnapshotAsync(bool atEnd)
    {
        if (_backend.Denied is null && _signing is { Denied: null, Signer: { } signer } && _fault is null && !_mustReload && _state.UnknownEvent is null && signer.Verifier.Equals(_state.Key))
        {
            await _snapshots.SaveWhenDueAsync(_state, signer, atEnd).ConfigureAwait(false);
        }
    }

    private void OpenSigner()
    {
        if (_backend.Denied is null)
        {
            _signing.Open(_state);
        }
    }

    private async ValueTask CheckEndAsync()
    {
        var note = _state.LastKey is { } key && await _backend.ReadCheckpointAsync().ConfigureAwait(false) is { } found && found.IsSignedBy(key) ? found : null;
        if (Math.Max(_snapshots.SignedSize, note?.Size ?? 0) is var signed && signed > _state.Size)
        {
            throw new AgentOpsException(ErrorCodes.LedgerTampered,
                $"The ledger has {_state.Size} records, and what was signed of it says {signed}: its end is gone.", _backend.Location);
        }
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_fault is { } exception)
        {
            throw new AgentOpsException(exception.Code, exception.Message, exception.Target, exception.Mend, exception);
        }
    }

    private AgentOpsException MakeUnavailable(Exception exception) =>
        new(ErrorCodes.StoreUnavailable, $"The ledger in '{_backend.Location}' can't be read or written: {exception.Message}", _backend.Location, innerException: exception);
}
