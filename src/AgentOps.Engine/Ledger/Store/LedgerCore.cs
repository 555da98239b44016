using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// What every store does alike: enter the exclusive section, catch up, run the decisions of a batch, sign it, append it,
/// acknowledge; and what it does when one of these fails.
/// </summary>
internal sealed class LedgerCore : IAsyncDisposable
{
    private readonly ILedgerBackend backend;
    private readonly SigningKeys signing;
    private readonly LedgerState state;
    private readonly BatchBuilder batch;
    private readonly CommitQueue queue;
    private readonly SnapshotKeeper snapshots;
    private readonly SemaphoreSlim section = new(1, 1);
    private AgentOpsException? fault;
    private bool mustReload = true;
    private bool isUnsealed;
    private bool isDisposed;

    /// <summary>Makes a core over a backend.</summary>
    public LedgerCore(ILedgerBackend backend, KeyFolder keys, BatchBuilder batch, LedgerState state, long snapshotEvery)
    {
        this.backend = backend;
        signing = new SigningKeys(keys);
        this.batch = batch;
        this.state = state;
        snapshots = new SnapshotKeeper(backend, snapshotEvery);
        queue = new CommitQueue(CommitBatchAsync);
    }

    /// <summary>The state; to be read inside the section, or where a value that lags does no harm.</summary>
    public LedgerState State => state;

    /// <summary>Why nothing can be appended, or null.</summary>
    public string? ReadOnlyReason => backend.Denied ?? signing.Denied
        ?? (state.UnknownEvent is { } unknown ? $"It holds an event that this version of AgentOps does not know: {unknown}." : null);

    /// <summary>Opens the ledger, and makes it where there is none and it may be written.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await backend.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var held = backend.Denied is null ? await backend.EnterAsync(cancellationToken).ConfigureAwait(false) : null;
            batch.Clear();
            await CatchUpAsync(cancellationToken).ConfigureAwait(false);
            if (state.Size == 0)
            {
                throw new AgentOpsException(ErrorCodes.StoreUnavailable, $"There is no ledger in '{backend.Location}'.", backend.Location);
            }

            await CheckEndAsync().ConfigureAwait(false);
            OpenSigner();
            await WriteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (backend.IsUnavailable(exception))
        {
            throw MakeUnavailable(exception);
        }
    }

    /// <summary>Catches up with what others appended.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        await section.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfUnusable();
            if (!mustReload && !await backend.HasNewsAsync(cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            await using var held = backend.Denied is null && (backend.ReadsInSection || mustReload) ? await backend.EnterAsync(cancellationToken).ConfigureAwait(false) : null;
            batch.Clear();
            await CatchUpAsync(cancellationToken).ConfigureAwait(false);
            await WriteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (backend.IsUnavailable(exception))
        {
            mustReload = true;
            throw MakeUnavailable(exception);
        }
        finally
        {
            section.Release();
        }
    }

    /// <summary>Decides and appends.</summary>
    public ValueTask<T> TransactAsync<T>(Func<LedgerTransaction, T> decide, CancellationToken cancellationToken) =>
        queue.RunAsync(decide, cancellationToken);

    /// <summary>Appends events as one unit.</summary>
    public async ValueTask<IReadOnlyList<LedgerRecord>> AppendAsync(IReadOnlyList<NewEvent> events, CancellationToken cancellationToken)
    {
        var transaction = await queue.RunAsync(
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
    public ValueTask<bool> AppendOwnAsync(NewEvent newEvent, CancellationToken cancellationToken) => queue.RunAsync(
        transaction =>
        {
            transaction.AddOwn(newEvent);
            return true;
        },
        cancellationToken);

    /// <summary>Reads something of the state inside the section.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<LedgerState, T> read, CancellationToken cancellationToken)
    {
        await section.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfUnusable();
            await SealAsync().ConfigureAwait(false);
            return read(state);
        }
        finally
        {
            section.Release();
        }
    }

    /// <summary>Gives the newest commit line as a checkpoint. It waits for a batch under way.</summary>
    public LedgerCheckpoint GetCheckpoint() =>
        ReadAsync(read => read.LastCommit!.ToCheckpoint(read.Origin!), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <summary>Replaces the signing key: the batch that names the new one is the last that the old one signs.</summary>
    public async ValueTask<VerifierKey> RotateKeyAsync(CancellationToken cancellationToken)
    {
        var name = await ReadAsync(read => read.Origin!, cancellationToken).ConfigureAwait(false);
        var next = signing.CreateNext(name);
        await queue.RunAsync(
            transaction =>
            {
                transaction.AddOwn(LedgerEvents.MakeKeyRotated(next.Verifier));
                signing.Announce(next);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return next.Verifier;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await section.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!isDisposed)
            {
                isDisposed = true;
                await SealAsync().ConfigureAwait(false);
                await SaveSnapshotAsync(atEnd: true).ConfigureAwait(false);
                await backend.DisposeAsync().ConfigureAwait(false);
                signing.Dispose();
            }
        }
        finally
        {
            section.Release();
        }
    }

    private async ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (mustReload)
            {
                await ReloadAsync().ConfigureAwait(false);
            }

            var torn = await backend.CatchUpAsync(state, cancellationToken).ConfigureAwait(false);
            if (backend.Denied is not null)
            {
                return;
            }

            if (state.Size == 0)
            {
                Create();
            }

            if (torn is not null)
            {
                batch.AddOwn(LedgerEvents.MakeRecovered(torn.Bytes, torn.Digest));
            }
        }
        catch (AgentOpsException exception) when (exception.Code == ErrorCodes.LedgerTampered)
        {
            fault = exception;
            state.Reset();
            throw;
        }
        catch
        {
            mustReload = true;
            throw;
        }
    }

    private async ValueTask ReloadAsync()
    {
        state.Reset();
        backend.Seek(default, []);
        if (backend.Denied is null)
        {
            await signing.RestoreAsync(snapshots, state).ConfigureAwait(false);
        }

        mustReload = false;
    }

    private void Create()
    {
        backend.CheckThatItIsNew();
        batch.AddOwn(LedgerEvents.MakeCreated(signing.Create().Verifier));
    }

    private async ValueTask CommitBatchAsync(IReadOnlyList<Decision> decisions)
    {
        await section.WaitAsync().ConfigureAwait(false);
        try
        {
            ThrowIfUnusable();
            await using var held = backend.Denied is null ? await backend.EnterAsync(CancellationToken.None).ConfigureAwait(false) : null;
            batch.Clear();
            await CatchUpAsync(CancellationToken.None).ConfigureAwait(false);
            var readOnly = ReadOnlyReason is { } reason
                ? new AgentOpsException(ErrorCodes.LedgerReadOnly, $"Nothing can be appended to '{backend.Location}'. {reason}", backend.Location)
                : null;
            foreach (var decision in decisions)
            {
                batch.Run(decision, readOnly);
            }

            await WriteAsync().ConfigureAwait(false);
            batch.Complete();
        }
        catch (Exception exception)
        {
            mustReload = true;
            var error = backend.IsUnavailable(exception) ? MakeUnavailable(exception) : exception;
            batch.Fail(error);
            if (ReferenceEquals(error, exception))
            {
                throw;
            }

            throw error;
        }
        finally
        {
            section.Release();
        }
    }

    private async ValueTask WriteAsync()
    {
        if (batch.Lines == 0)
        {
            return;
        }

        try
        {
            OpenSigner();
            if (backend.SealsLater && state.LastCommit is not null)
            {
                isUnsealed = true;
                await backend.AppendAsync(batch).ConfigureAwait(false);
                return;
            }

            batch.Seal(signing.Signer ?? throw new AgentOpsException(ErrorCodes.LedgerReadOnly, $"Nothing can be appended to '{backend.Location}'. {signing.Denied}", backend.Location));
            await backend.AppendAsync(batch).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            mustReload = true;
            if (!await TryUndoAsync().ConfigureAwait(false))
            {
                throw new AgentOpsException(ErrorCodes.StoreOutcomeUnknown,
                    $"The write to '{backend.Location}' failed, and could not be taken back: {exception.Message}", backend.Location, innerException: exception);
            }

            throw;
        }

        await SaveSnapshotAsync(atEnd: false).ConfigureAwait(false);
        backend.OnCommitted(state);
    }

    /// <summary>Writes the commit line that <see cref="ILedgerBackend.SealsLater"/> put off.</summary>
    private async ValueTask SealAsync()
    {
        if (isUnsealed)
        {
            isUnsealed = false;
            batch.Clear();
            OpenSigner();
            batch.Seal(signing.Signer!);
            await backend.AppendAsync(batch).ConfigureAwait(false);
            backend.OnCommitted(state);
        }
    }

    private async ValueTask<bool> TryUndoAsync()
    {
        try
        {
            return await backend.UndoAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (backend.IsUnavailable(exception))
        {
            return false;
        }
    }

    private async ValueTask SaveSnapshotAsync(bool atEnd)
    {
        if (backend.Denied is null && signing is { Denied: null, Signer: { } signer } && fault is null && !mustReload && state.UnknownEvent is null && signer.Verifier.Equals(state.Key))
        {
            await snapshots.SaveWhenDueAsync(state, signer, atEnd).ConfigureAwait(false);
        }
    }

    private void OpenSigner()
    {
        if (backend.Denied is null)
        {
            signing.Open(state);
        }
    }

    private async ValueTask CheckEndAsync()
    {
        var note = state.LastKey is { } key && await backend.ReadCheckpointAsync().ConfigureAwait(false) is { } found && found.IsSignedBy(key) ? found : null;
        if (Math.Max(snapshots.SignedSize, note?.Size ?? 0) is var signed && signed > state.Size)
        {
            throw new AgentOpsException(ErrorCodes.LedgerTampered,
                $"The ledger has {state.Size} records, and what was signed of it says {signed}: its end is gone.", backend.Location);
        }
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (fault is { } exception)
        {
            throw new AgentOpsException(exception.Code, exception.Message, exception.Target, exception.Mend, exception);
        }
    }

    private AgentOpsException MakeUnavailable(Exception exception) =>
        new(ErrorCodes.StoreUnavailable, $"The ledger in '{backend.Location}' can't be read or written: {exception.Message}", backend.Location, innerException: exception);
}
