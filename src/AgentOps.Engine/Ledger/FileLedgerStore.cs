using System.Runtime.CompilerServices;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// The ledger in a folder, shared by any number of processes of one machine. The order of writing: lock, read on
/// to the tail and check it, append the batch with its signed commit line, one flush, acknowledge. Checkpoint, tiles
/// and snapshot are derived, and made again from the log wherever they lag.
/// </summary>
public sealed class FileLedgerStore : ILedgerStore
{
    private readonly LedgerFolder _folder;
    private readonly ILedgerFiles _files;
    private readonly FileLedgerBackend _backend;
    private readonly LedgerCore _core;

    private FileLedgerStore(FileLedgerOptions options, ILedgerProjection projection, TimeProvider time)
    {
        _folder = new LedgerFolder(Path.GetFullPath(options.Path));
        _files = options.Files;
        _backend = new FileLedgerBackend(options);
        var state = new LedgerState(projection, time);
        _core = new LedgerCore(_backend, new KeyFolder(_folder.Keys, _files), new BatchBuilder(state, options.Actor, options.Redactor), state, options.SnapshotEvery);
    }

    /// <inheritdoc/>
    public string Location => _files is MemoryFiles ? LedgerStores.Memory : _folder.Workspace;

    /// <inheritdoc/>
    public bool IsReadOnly => ReadOnlyReason is not null;

    /// <inheritdoc/>
    public string? ReadOnlyReason => _core.ReadOnlyReason;

    /// <inheritdoc/>
    public long Size => _core.State.Applied;

    /// <summary>The verifier key, to be pinned elsewhere: <c>name+keyid+base64</c>.</summary>
    public string VerifierKey => _core.State.Key?.ToString() ?? "";

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
            await store._core.OpenAsync(cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask RefreshAsync(CancellationToken cancellationToken) => _core.RefreshAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LedgerRecord>> AppendAsync(IReadOnlyList<NewEvent> events, CancellationToken cancellationToken) =>
        _core.AppendAsync(events, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<T> TransactAsync<T>(Func<LedgerTransaction, T> decide, CancellationToken cancellationToken) =>
        _core.TransactAsync(decide, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LedgerRecord> ReadAsync(LedgerQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        var reader = new FileLedgerReader(_folder, _files, query);
        var end = await _core.ReadAsync(_ => _backend.Position, cancellationToken).ConfigureAwait(false);
        foreach (var record in reader.Read(end, cancellationToken))
        {
            yield return record;
        }

        while (query.Follow)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken).ConfigureAwait(false);
            await RefreshAsync(cancellationToken).ConfigureAwait(false);
            var from = end;
            end = await _core.ReadAsync(_ => _backend.Position, cancellationToken).ConfigureAwait(false);
            foreach (var record in reader.ReadRange(from, end, cancellationToken))
            {
                yield return record;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<LedgerVerification> VerifyAsync(LedgerVerificationOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        await _core.ReadAsync(_ => true, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => new LedgerVerifier(new VerifiableFolder(_folder, _files)).Verify(options, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Verifies the ledger of a workspace without opening it, as is needed where it does not hold together and so can't be opened.</summary>
    /// <param name="path">The folder of the workspace.</param>
    /// <param name="options">How to verify.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AgentOpsException">StoreUnavailable: the files can't be read.</exception>
    public static async ValueTask<LedgerVerification> VerifyFolderAsync(string path, LedgerVerificationOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folder = new LedgerFolder(Path.GetFullPath(path));
        try
        {
            return await Task.Run(() => new LedgerVerifier(new VerifiableFolder(folder, new DiskFiles())).Verify(options, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AgentOpsException(ErrorCodes.StoreUnavailable, $"The ledger in '{folder.Workspace}' can't be read: {exception.Message}", folder.Workspace, innerException: exception);
        }
    }

    /// <inheritdoc/>
    public LedgerCheckpoint GetCheckpoint() => _core.GetCheckpoint();

    /// <inheritdoc/>
    public async ValueTask<string> GetInclusionProofAsync(long sequence, CancellationToken cancellationToken)
    {
        var (note, tree) = await GetTreeAsync(cancellationToken).ConfigureAwait(false);
        return LedgerProof.MakeInclusion(sequence, note, tree.GetNode);
    }

    /// <summary>Proofs of many records against one checkpoint; each as <see cref="GetInclusionProofAsync"/> gives it.</summary>
    internal async ValueTask<string[]> GetInclusionProofsAsync(IReadOnlyList<long> sequences, CancellationToken cancellationToken)
    {
        var (note, tree) = await GetTreeAsync(cancellationToken).ConfigureAwait(false);
        return [.. sequences.Select(sequence => LedgerProof.MakeInclusion(sequence, note, tree.GetNode))];
    }

    /// <inheritdoc/>
    public async ValueTask<string> GetConsistencyProofAsync(string oldCheckpoint, CancellationToken cancellationToken)
    {
        var (note, tree) = await GetTreeAsync(cancellationToken).ConfigureAwait(false);
        return LedgerProof.MakeConsistency(oldCheckpoint, note, tree.GetNode);
    }

    /// <inheritdoc/>
    public async ValueTask<long> ErasePayloadsAsync(DateTimeOffset olderThan, CancellationToken cancellationToken)
    {
        if (ReadOnlyReason is { } reason)
        {
            throw new AgentOpsException(ErrorCodes.LedgerReadOnly, $"Nothing can be erased in '{Location}'. {reason}", Location);
        }

        var erased = new PayloadStore(_folder.Workspace, _files).EraseOlderThan(olderThan, cancellationToken);
        if (erased > 0)
        {
            await _core.AppendOwnAsync(LedgerEvents.MakePayloadsErased(olderThan, erased), CancellationToken.None).ConfigureAwait(false);
        }

        return erased;
    }

    /// <summary>Brings the tiles and the checkpoint on the disk up to the newest record that this process has seen.</summary>
    public async ValueTask PublishAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        await (await _core.ReadAsync(_backend.DeriveAsync, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<string> RotateKeyAsync(CancellationToken cancellationToken) =>
        (await _core.RotateKeyAsync(cancellationToken).ConfigureAwait(false)).ToString();

    /// <summary>The place after the newest commit line that this process has seen, caught up.</summary>
    internal async ValueTask<(LogPosition End, LedgerCheckpoint Checkpoint)> GetEndAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        return await _core.ReadAsync(state => (_backend.Position, state.LastCommit!.ToCheckpoint(state.Origin!)), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _core.DisposeAsync();

    private async ValueTask<(string Note, TileTree Tree)> GetTreeAsync(CancellationToken cancellationToken)
    {
        // Another process may be writing the tiles at this moment; it is soon done.
        for (var attempt = 0; ; attempt++)
        {
            await PublishAsync(cancellationToken).ConfigureAwait(false);
            var checkpoint = GetCheckpoint();
            var tree = new TileTree(_folder, _files, checkpoint.Size);
            try
            {
                if (MerkleProof.GetRange(0, checkpoint.Size, tree.GetNode).ToString() == checkpoint.Root)
                {
                    return (checkpoint.Note, tree);
                }
            }
            catch (FormatException) when (attempt < 50)
            {
                // The tiles are not all there yet.
            }

            if (attempt == 50)
            {
                throw new AgentOpsException(ErrorCodes.StoreUnavailable, $"The tiles in '{_folder.Tiles}' can't be brought up to the log.", _folder.Tiles);
            }

            await Task.Delay(100, cancellationToken).ConfigureAwait(false);
        }
    }
}
