using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// The ledger in a folder, shared by any number of processes of one machine. The order of writing: lock, read on
/// to the tail and check it, append the batch with its signed commit line, one flush, acknowledge. Checkpoint, tiles
/// and snapshot are derived, and made again from the log wherever they lag.
/// </summary>
public sealed class FileLedgerStore : ILedgerStore
{
    private readonly FileLedgerOptions options;
    private readonly LedgerFolder folder;
    private readonly LedgerState state;
    private readonly BatchBuilder batch;
    private readonly CommitQueue queue;
    private readonly FileLock fileLock;
    private readonly SemaphoreSlim section = new(1, 1);
    private FileLog log;
    private LedgerSigner? signer;
    private AgentOpsException? fault;
    private string? denied;
    private bool mustReload;
    private bool isDisposed;

    private FileLedgerStore(FileLedgerOptions options, ILedgerProjection projection, TimeProvider time)
    {
        this.options = options;
        folder = new LedgerFolder(Path.GetFullPath(options.Path));
        state = new LedgerState(projection, time);
        batch = new BatchBuilder(state, options.Actor, options.Redactor);
        queue = new CommitQueue(CommitBatchAsync);
        fileLock = new FileLock(folder.Lock, options.Files, options.LockTimeout);
        log = new FileLog(folder, options.Files, options.SegmentBytes, canWrite: false);
        denied = options.ReadOnly ? "It was opened to be read only." : null;
    }

    /// <inheritdoc/>
    public string Location => folder.Workspace;

    /// <inheritdoc/>
    public bool IsReadOnly => ReadOnlyReason is not null;

    /// <inheritdoc/>
    public string? ReadOnlyReason => denied
        ?? (state.UnknownEvent is { } unknown ? $"It holds an event that this version of AgentOps does not know: {unknown}." : null);

    /// <inheritdoc/>
    public long Size => state.Applied;

    /// <summary>The verifier key, to be pinned elsewhere: <c>name+keyid+base64</c>.</summary>
    public string VerifierKey => state.Key?.ToString() ?? "";

    /// <summary>Opens the ledger of a workspace, and makes it where there is none and it may be written.</summary>
    /// <exception cref="AgentOpsException">LedgerTampered, LedgerKeyExposed, LedgerKeyInvalid, StoreBusy, StorePlaceUnsupported, StoreUnavailable.</exception>
    public static async ValueTask<FileLedgerStore> OpenAsync(
        FileLedgerOptions options, ILedgerProjection projection, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var store = new FileLedgerStore(options, projection, time);
        try
        {
            await store.InitializeAsync(cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch (Exception exception)
        {
            store.Close();
            throw exception is IOException or UnauthorizedAccessException ? store.Unavailable(exception) : exception;
        }
    }

    /// <inheritdoc/>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        await section.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfUnusable();
            if (!mustReload && !log.HasNews())
            {
                return;
            }

            using var held = denied is null ? await fileLock.AcquireAsync(cancellationToken).ConfigureAwait(false) : null;
            batch.Clear();
            CatchUp();
            Write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            mustReload = true;
            throw Unavailable(exception);
        }
        finally
        {
            section.Release();
        }
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public ValueTask<T> TransactAsync<T>(Func<LedgerTransaction, T> decide, CancellationToken cancellationToken) =>
        queue.RunAsync(decide, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LedgerRecord> ReadAsync(LedgerQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        var reader = new FileLedgerReader(folder, options.Files);
        var filter = new LedgerFilter(query);
        var end = log.Position;
        foreach (var record in reader.Read(query, filter, end, cancellationToken))
        {
            yield return record;
        }

        while (query.Follow)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken).ConfigureAwait(false);
            await RefreshAsync(cancellationToken).ConfigureAwait(false);
            var (from, now) = (end, log.Position);
            end = now;
            foreach (var record in reader.ReadRange(filter, from, now, cancellationToken))
            {
                yield return record;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<LedgerVerification> VerifyAsync(LedgerVerificationOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return await Task.Run(() => new FileLedgerVerifier(folder, this.options.Files).Verify(options, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public LedgerCheckpoint GetCheckpoint()
    {
        section.Wait();
        try
        {
            ThrowIfUnusable();
            return state.LastCommit is { } commit && state.Origin is { } origin
                ? commit.ToCheckpoint(origin)
                : new LedgerCheckpoint("", 0, MerkleHash.Empty.ToString(), "");
        }
        finally
        {
            section.Release();
        }
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
                WriteDerived();
                Close();
            }
        }
        finally
        {
            section.Release();
        }
    }

    private async ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        IDisposable? held = null;
        if (denied is null)
        {
            try
            {
                options.Files.CreateFolder(folder.State);
                held = await fileLock.AcquireAsync(cancellationToken).ConfigureAwait(false);
                fileLock.CheckThatItExcludes();
            }
            catch (UnauthorizedAccessException)
            {
                denied = "This account may not write its folder.";
            }
            catch (IOException exception) when (exception.HResult == 30)
            {
                denied = "Its file system is mounted to be read only.";
            }
        }

        using (held)
        {
            log.Dispose();
            log = new FileLog(folder, options.Files, options.SegmentBytes, canWrite: denied is null);
            batch.Clear();
            CatchUp();
            if (state.Size == 0 && denied is null)
            {
                Create();
            }
            else if (state.Size == 0)
            {
                throw new AgentOpsException(ErrorCodes.StoreUnavailable, $"There is no ledger in '{folder.Workspace}'.", folder.Workspace);
            }

            CheckAgainstDerived();
            OpenSigner();
            Write();
        }
    }

    private void Create()
    {
        if (options.Files.Exists(folder.Checkpoint) || options.Files.Exists(folder.Snapshot))
        {
            throw new AgentOpsException(ErrorCodes.LedgerTampered, $"The log in '{folder.Log}' is gone, and its checkpoint is there.", folder.Log);
        }

        var keys = new KeyFolder(folder.Keys, options.Files);
        var name = "agentops/" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        signer = keys.TryOpen(name) ?? keys.Create(name);
        batch.AddOwn(LedgerEvents.MakeCreated(signer.Verifier));
    }

    private void OpenSigner()
    {
        if (denied is not null || signer is not null)
        {
            return;
        }

        signer = new KeyFolder(folder.Keys, options.Files).TryOpen(state.Origin!);
        if (signer is null)
        {
            denied = "This account can't read its signing key.";
        }
        else
        {
            CheckSigner(signer);
        }
    }

    private void CheckSigner(LedgerSigner candidate)
    {
        if (state.SealingKey is { } key && !key.Equals(candidate.Verifier))
        {
            throw new AgentOpsException(ErrorCodes.LedgerKeyInvalid,
                $"The signing key in '{folder.Keys}' is not the one that the ledger names ({key}).", folder.Keys);
        }
    }

    private void CheckAgainstDerived()
    {
        if (state.LastKey is not { } key || options.Files.TryReadAll(folder.Checkpoint) is not { } bytes)
        {
            return;
        }

        if (SignedNote.TryParse(Encoding.UTF8.GetString(bytes)) is { } note && note.IsSignedBy(key) && note.Size > state.Size)
        {
            throw new AgentOpsException(ErrorCodes.LedgerTampered,
                $"The ledger has {state.Size} records, and its signed checkpoint says {note.Size}: its end is gone.", folder.Log);
        }
    }

    private void CatchUp()
    {
        if (mustReload)
        {
            Reload();
        }

        try
        {
            if (log.CatchUp(state, isLocked: denied is null) is { } torn && denied is null)
            {
                batch.AddOwn(LedgerEvents.MakeRecovered(torn.Bytes, torn.Digest));
            }
        }
        catch (AgentOpsException exception)
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

    private void Reload()
    {
        state.Reset();
        log.Seek(default, []);
        mustReload = false;
    }

    private async ValueTask CommitBatchAsync(IReadOnlyList<Decision> decisions)
    {
        await section.WaitAsync().ConfigureAwait(false);
        try
        {
            ThrowIfUnusable();
            using var held = denied is null ? await fileLock.AcquireAsync(CancellationToken.None).ConfigureAwait(false) : null;
            batch.Clear();
            CatchUp();
            var readOnly = IsReadOnly ? new AgentOpsException(ErrorCodes.LedgerReadOnly, $"Nothing can be appended to '{Location}'. {ReadOnlyReason}", Location) : null;
            foreach (var decision in decisions)
            {
                batch.Run(decision, readOnly);
            }

            Write();
            batch.Complete();
        }
        catch (Exception exception)
        {
            mustReload = true;
            batch.Fail(exception is IOException or UnauthorizedAccessException ? Unavailable(exception) : exception);
            throw exception is IOException or UnauthorizedAccessException ? Unavailable(exception) : exception;
        }
        finally
        {
            section.Release();
        }
    }

    private void Write()
    {
        if (batch.Lines == 0)
        {
            return;
        }

        try
        {
            OpenSigner();
            var commitLength = batch.Seal(signer!);
            log.Append(batch.Bytes.Span, batch.Lines, commitLength);
        }
        catch (Exception exception)
        {
            mustReload = true;
            TryUndo(exception);
            throw;
        }
    }

    private void TryUndo(Exception cause)
    {
        try
        {
            log.Undo();
        }
        catch (IOException exception)
        {
            // The batch may or may not be on the disk: the store is read anew from the log before it is used again,
            // and what stands beyond the last valid commit line is cut then.
            cause.Data["undo"] = exception.Message;
        }
    }

    private void WriteDerived()
    {
        if (denied is null && fault is null && state is { LastCommit: { } commit, Origin: { } origin })
        {
            options.Files.Replace(folder.Checkpoint, Encoding.UTF8.GetBytes(commit.ToCheckpoint(origin).Note), durable: false);
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

    private AgentOpsException Unavailable(Exception exception) =>
        new(ErrorCodes.StoreUnavailable, $"The ledger in '{folder.Workspace}' can't be read or written: {exception.Message}", folder.Workspace, innerException: exception);

    private void Close()
    {
        log.Dispose();
        signer?.Dispose();
    }
}
