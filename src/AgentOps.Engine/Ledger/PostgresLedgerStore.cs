using System.Runtime.CompilerServices;
using AgentOps.Engine.Errors;
using Npgsql;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// The ledger in PostgreSQL, shared by any number of hosts: the same records, tree and signatures as in a folder. The order
/// is made by the lock on the row of the workspace, so workspaces never wait for each other.
/// </summary>
public sealed class PostgresLedgerStore : ILedgerStore
{
    private readonly PostgresUri _uri;
    private readonly PostgresConnector _connector;
    private readonly PostgresLedgerBackend _backend;
    private readonly LedgerCore _core;

    private PostgresLedgerStore(PostgresUri uri, PostgresConnector connector, PostgresLedgerOptions options, Actor actor, ILedgerProjection projection, TimeProvider time)
    {
        _uri = uri;
        _connector = connector;
        Account = actor.OnBehalfOf;
        _backend = new PostgresLedgerBackend(connector, uri.Location, options.ReadOnly);
        Payloads = new PostgresPayloadStore(connector, uri.Location);
        Groups = new PostgresGroups(connector);
        var state = new LedgerState(projection, time);
        _core = new LedgerCore(
            _backend, new KeyFolder(options.KeyFolder, new DiskFiles()), new BatchBuilder(state, actor, options.Redactor), state, options.SnapshotEvery);
    }

    /// <inheritdoc/>
    public string Location => _uri.Location;

    /// <inheritdoc/>
    public bool IsReadOnly => ReadOnlyReason is not null;

    /// <inheritdoc/>
    public string? ReadOnlyReason => _core.ReadOnlyReason;

    /// <inheritdoc/>
    public long Size => _core.State.Applied;

    /// <summary>The person whom the records name.</summary>
    public string Account { get; }

    /// <summary>The payloads of the workspace, on the same server, for every host.</summary>
    public IPayloadStore Payloads { get; }

    /// <summary>The server's roles as groups of persons.</summary>
    public Permissions.IGroupSource Groups { get; }

    /// <summary>The verifier key, to be pinned elsewhere: <c>name+keyid+base64</c>.</summary>
    public string VerifierKey => _core.State.Key?.ToString() ?? "";

    /// <summary>Opens the ledger of a workspace, and makes its tables and itself where there are none and it may be written.</summary>
    /// <exception cref="AgentOpsException">StoreLocationInvalid, LedgerTampered, LedgerKeyExposed, LedgerKeyInvalid, StoreUnavailable.</exception>
    public static async ValueTask<PostgresLedgerStore> OpenAsync(
        PostgresLedgerOptions options, ILedgerProjection projection, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var uri = PostgresUri.Parse(options.Uri);
        var connector = new PostgresConnector(uri, options.ConnectTimeout);
        var actor = options.Actor;
        try
        {
            actor = options.ActAsRole ? actor with { OnBehalfOf = "database:" + await connector.ReadRoleAsync(cancellationToken).ConfigureAwait(false) } : actor;
        }
        catch (NpgsqlException exception)
        {
            await connector.DisposeAsync().ConfigureAwait(false);
            throw new AgentOpsException(ErrorCodes.StoreUnavailable, $"The server of '{uri.Location}' can't be reached: {exception.Message}", uri.Location, innerException: exception);
        }

        var store = new PostgresLedgerStore(uri, connector, options, actor, projection, time);
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
        ArgumentNullException.ThrowIfNull(query);
        await using var follower = query.Follow ? new PostgresFollower(_connector) : null;
        if (follower is not null)
        {
            await follower.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        var end = await _core.ReadAsync(_ => _backend.Position.Offset, cancellationToken).ConfigureAwait(false);
        await foreach (var record in ReadRangeAsync(query, 0, end, cancellationToken).ConfigureAwait(false))
        {
            yield return record;
        }

        var rest = query with { Newest = null, First = null, Skip = 0 };
        while (follower is not null)
        {
            await follower.WaitAsync(cancellationToken).ConfigureAwait(false);
            await RefreshAsync(cancellationToken).ConfigureAwait(false);
            var from = end;
            end = await _core.ReadAsync(_ => _backend.Position.Offset, cancellationToken).ConfigureAwait(false);
            if (end > from)
            {
                await foreach (var record in ReadRangeAsync(rest, from, end, cancellationToken).ConfigureAwait(false))
                {
                    yield return record;
                }
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<LedgerVerification> VerifyAsync(LedgerVerificationOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return await Task.Run(
                () => new LedgerVerifier(new VerifiablePostgres(_connector, _uri.Location, cancellationToken)).Verify(options, cancellationToken),
                cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception)
        {
            throw MakeUnavailable(exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string> GetInclusionProofAsync(long sequence, CancellationToken cancellationToken)
    {
        var (note, tree) = await GetTreeAsync(cancellationToken).ConfigureAwait(false);
        return LedgerProof.MakeInclusion(sequence, note, tree.GetNode);
    }

    /// <inheritdoc/>
    public async ValueTask<string> GetConsistencyProofAsync(string oldCheckpoint, CancellationToken cancellationToken)
    {
        var (note, tree) = await GetTreeAsync(cancellationToken).ConfigureAwait(false);
        return LedgerProof.MakeConsistency(oldCheckpoint, note, tree.GetNode);
    }

    /// <inheritdoc/>
    public LedgerCheckpoint GetCheckpoint() => _core.GetCheckpoint();

    /// <inheritdoc/>
    /// <remarks>The other hosts need the new key before they can append.</remarks>
    public async ValueTask<string> RotateKeyAsync(CancellationToken cancellationToken) =>
        (await _core.RotateKeyAsync(cancellationToken).ConfigureAwait(false)).ToString();

    /// <inheritdoc/>
    public async ValueTask<long> ErasePayloadsAsync(DateTimeOffset olderThan, CancellationToken cancellationToken)
    {
        if (ReadOnlyReason is { } reason)
        {
            throw new AgentOpsException(ErrorCodes.LedgerReadOnly, $"Nothing can be erased in '{Location}'. {reason}", Location);
        }

        var erased = await ((PostgresPayloadStore)Payloads).EraseOlderThanAsync(olderThan, cancellationToken).ConfigureAwait(false);
        if (erased > 0)
        {
            await _core.AppendOwnAsync(LedgerEvents.MakePayloadsErased(olderThan, erased), CancellationToken.None).ConfigureAwait(false);
        }

        return erased;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _core.DisposeAsync();

    private async IAsyncEnumerable<LedgerRecord> ReadRangeAsync(LedgerQuery query, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using var command = new PostgresQuery(_uri.Workspace, query).Make(connection, from, to);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var newest = new Stack<LedgerRecord>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var record = RecordCodec.Read(reader.GetFieldValue<byte[]>(0));
            if (query.Newest is null)
            {
                yield return record;
            }
            else
            {
                newest.Push(record);
            }
        }

        while (newest.TryPop(out var record))
        {
            yield return record;
        }
    }

    private async ValueTask<(string Note, MemoryTree Tree)> GetTreeAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        var checkpoint = GetCheckpoint();
        var tree = new MemoryTree(checkpoint.Size);
        await using var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using var lines = new PostgresLines(_uri.Workspace, connection, 0, checkpoint.Size);
        await lines.OpenAsync(cancellationToken).ConfigureAwait(false);
        while (await lines.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (!line.AsSpan().StartsWith(CommitLine.Mark))
            {
                tree.Add(MerkleHash.Leaf(line));
            }
        }

        return (checkpoint.Note, tree);
    }

    private async ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _connector.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception)
        {
            throw MakeUnavailable(exception);
        }
    }

    private AgentOpsException MakeUnavailable(NpgsqlException exception) =>
        new(ErrorCodes.StoreUnavailable, $"The ledger in '{_uri.Location}' can't be read: {exception.Message}", _uri.Location, innerException: exception);
}
