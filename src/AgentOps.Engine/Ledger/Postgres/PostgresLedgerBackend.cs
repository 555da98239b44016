using System.Globalization;
using System.Net.Sockets;
using System.Text;
using AgentOps.Engine.Errors;
using Npgsql;
using static AgentOps.Engine.Ledger.PostgresConnector;

namespace AgentOps.Engine.Ledger;

/// <summary>The ledger in PostgreSQL: one row a record, one a commit line, and one a workspace whose lock makes the order.</summary>
internal sealed class PostgresLedgerBackend(PostgresConnector connector, string location, bool readOnly) : ILedgerBackend
{
    private PostgresSection? _section;
    private (long Size, byte[] Line)? _sent;
    private byte[] _lastLine = [];

    /// <inheritdoc/>
    public string Location => location;

    /// <inheritdoc/>
    public string? Denied { get; private set; } = readOnly ? "It was opened to be read only." : null;

    /// <inheritdoc/>
    public bool ReadsInSection => false;

    /// <inheritdoc/>
    public LogPosition Position { get; private set; }

    /// <inheritdoc/>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await connector.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (Denied is not null)
        {
            return;
        }

        try
        {
            await MakeTablesAsync(connection, cancellationToken).ConfigureAwait(false);
            await using var make = MakeCommand(connection, PostgresSchema.MakeRow, Of(connector.Workspace));
            await make.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState is "42501" or "25006")
        {
            Denied = "This database role may not write its tables.";
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> HasNewsAsync(CancellationToken cancellationToken) => connector.RunAsync(
        async connection =>
        {
            await using (connection)
            {
                await using var command = MakeCommand(connection, PostgresSchema.ReadSize, Of(connector.Workspace));
                return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not long size || size != Position.Offset;
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        _sent = null;
        _section = await connector.RunAsync(
            async connection =>
            {
                var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
                var (size, line) = await ReadEndAsync(connection, PostgresSchema.TakeRow, cancellationToken).ConfigureAwait(false)
                    ?? throw new AgentOpsException(ErrorCodes.LedgerTampered, $"The row of the workspace '{connector.Workspace}' is gone.", location);
                return new PostgresSection(connection, transaction, size, line);
            },
            cancellationToken).ConfigureAwait(false);
        return _section;
    }

    /// <inheritdoc/>
    public async ValueTask<TornTail?> CatchUpAsync(LedgerState state, CancellationToken cancellationToken)
    {
        if (_section is { IsOver: false } held)
        {
            await ReadOnAsync(state, held.Connection, held.Size, held.CommitLine, cancellationToken).ConfigureAwait(false);
            return null;
        }

        await using var connection = await connector.OpenAsync(cancellationToken).ConfigureAwait(false);
        var (size, line) = await ReadEndAsync(connection, PostgresSchema.ReadSize, cancellationToken).ConfigureAwait(false) ?? (0, "");
        await ReadOnAsync(state, connection, size, line, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(BatchBuilder batch)
    {
        var held = _section ?? throw new InvalidOperationException("The section was not entered.");
        var records = new RecordColumns(batch.Bytes, batch.CommitLength);
        var line = Encoding.ASCII.GetString(records.CommitLine);
        var size = Position.Offset + records.Count;
        await using (var add = new NpgsqlBatch(held.Connection))
        {
            Add(add, PostgresSchema.AddRecords, Of(connector.Workspace), Of(records.Sequences), Of(records.Times), Of(records.Types),
                Of(records.Agents), Of(records.Sessions), Of(records.Tasks), Of(records.Lines));
            Add(add, PostgresSchema.AddCommit, Of(connector.Workspace), Of(size), Of(line));
            Add(add, PostgresSchema.SetRow, Of(connector.Workspace), Of(size), Of(line));
            Add(add, PostgresSchema.Notify, Of(connector.Channel), Of(size.ToString(CultureInfo.InvariantCulture)));
            await add.ExecuteNonQueryAsync().ConfigureAwait(false);
        }

        _sent = (size, records.CommitLine);
        try
        {
            await held.CommitAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            // Whether the server committed before the connection broke is seen in its tables, once it is back.
            if (!await WasCommittedAsync(size, line).ConfigureAwait(false))
            {
                _sent = null;
                throw;
            }
        }

        _sent = null;
        Position = new LogPosition(0, size, size);
        _lastLine = records.CommitLine;
    }

    /// <inheritdoc/>
    public ValueTask<bool> UndoAsync() => ValueTask.FromResult(_sent is null);

    /// <inheritdoc/>
    public void Seek(LogPosition position, byte[] commitLine)
    {
        Position = position;
        _lastLine = commitLine;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> HoldsAsync(LogPosition position, byte[] commitLine)
    {
        await using var connection = await connector.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        await using var command = MakeCommand(connection, PostgresSchema.ReadCommit, Of(connector.Workspace), Of(position.Offset));
        return await command.ExecuteScalarAsync().ConfigureAwait(false) is string line && Encoding.ASCII.GetBytes(line).AsSpan().SequenceEqual(commitLine);
    }

    /// <inheritdoc/>
    public void CheckThatItIsNew()
    {
    }

    /// <inheritdoc/>
    public ValueTask<SignedNote?> ReadCheckpointAsync() => ValueTask.FromResult<SignedNote?>(null);

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadSnapshotAsync()
    {
        await using var connection = await connector.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        await using var command = MakeCommand(connection, PostgresSchema.ReadSnapshot, Of(connector.Workspace));
        return await command.ExecuteScalarAsync().ConfigureAwait(false) as byte[];
    }

    /// <inheritdoc/>
    public async ValueTask WriteSnapshotAsync(byte[] snapshot)
    {
        await using var connection = await connector.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        await using var command = MakeCommand(connection, PostgresSchema.WriteSnapshot, Of(connector.Workspace), Of(snapshot));
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void OnCommitted(LedgerState state)
    {
    }

    /// <inheritdoc/>
    public bool IsUnavailable(Exception exception) => exception is NpgsqlException or IOException or SocketException or TimeoutException;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connector.DisposeAsync();

    private static void Add(NpgsqlBatch batch, string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
    }

    private static async ValueTask MakeTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var statement in PostgresSchema.Statements)
        {
            try
            {
                await using var command = MakeCommand(connection, statement);
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException exception) when (exception.SqlState is "23505" or "42P07")
            {
                // Another host made it at the same moment.
            }
        }
    }

    private async ValueTask<(long Size, string Line)?> ReadEndAsync(NpgsqlConnection connection, string query, CancellationToken cancellationToken)
    {
        await using var command = MakeCommand(connection, query, Of(connector.Workspace));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? (reader.GetInt64(0), reader.GetString(1)) : null;
    }

    private async ValueTask<bool> WasCommittedAsync(long size, string line)
    {
        await using var connection = await connector.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync().ConfigureAwait(false);

        // Waits until the broken transaction, should the server still be at it, has ended one way or the other.
        await ReadEndAsync(connection, PostgresSchema.TakeRow, CancellationToken.None).ConfigureAwait(false);
        await using var command = MakeCommand(connection, PostgresSchema.ReadCommit, Of(connector.Workspace), Of(size));
        return await command.ExecuteScalarAsync().ConfigureAwait(false) as string == line;
    }

    private async ValueTask ReadOnAsync(LedgerState state, NpgsqlConnection connection, long size, string newest, CancellationToken cancellationToken)
    {
        var place = Position;
        try
        {
            if (size < Position.Offset || (size == Position.Offset && size > 0 && newest != Encoding.ASCII.GetString(_lastLine)))
            {
                throw new FormatException("The ledger is shorter, or other, than when this process last read it.");
            }

            if (size == Position.Offset)
            {
                return;
            }

            await using var lines = new PostgresLines(connector.Workspace, connection, Position.Offset, size);
            await lines.OpenAsync(cancellationToken).ConfigureAwait(false);
            while (await lines.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                place = new LogPosition(0, state.Size + state.PendingCount, state.Size + state.PendingCount);
                Take(state, line);
            }

            if (Position.Offset != size || state.PendingCount > 0)
            {
                throw new FormatException($"The ledger says that it has {size} records, and {Position.Offset} of them are committed.");
            }

            state.CheckCommit();
        }
        catch (FormatException exception)
        {
            state.DropPending();
            throw new AgentOpsException(ErrorCodes.LedgerTampered, $"The ledger does not hold together at record {place.Offset}: {exception.Message}", location, innerException: exception);
        }
    }

    private void Take(LedgerState state, byte[] line)
    {
        if (!line.AsSpan().StartsWith(CommitLine.Mark))
        {
            state.AddLine(line);
            return;
        }

        var commit = CommitLine.TryParse(line.AsSpan(0, line.Length - 1)) ?? throw new FormatException("The commit line can't be read.");
        if (commit.Size != state.Size + state.PendingCount)
        {
            throw new FormatException($"The commit line says {commit.Size} records, and {state.Size + state.PendingCount} stand before it.");
        }

        state.Accept();
        state.Seal(commit);
        Position = new LogPosition(0, commit.Size, commit.Size);
        _lastLine = line;
    }
}
