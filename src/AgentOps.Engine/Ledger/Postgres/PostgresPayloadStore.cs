using AgentOps.Engine.Errors;
using Npgsql;
using static AgentOps.Engine.Ledger.PostgresConnector;

namespace AgentOps.Engine.Ledger;

/// <summary>Payloads on the server, for every host of the workspace.</summary>
internal sealed class PostgresPayloadStore(PostgresConnector connector, string location) : IPayloadStore
{
    /// <inheritdoc/>
    public async ValueTask<string> PutAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var (digest, content) = SaltedPayload.Make(payload.Span);
        await AddAsync(PostgresSchema.AddPayload, digest, content, cancellationToken).ConfigureAwait(false);
        return SaltedPayload.Prefix + digest;
    }

    /// <inheritdoc/>
    public PayloadWrite Begin(ReadOnlyMemory<byte> payload)
    {
        var (digest, content) = SaltedPayload.Make(payload.Span);
        var added = AddAsync(PostgresSchema.AddPayloadBeforeRecord, digest, content, CancellationToken.None).AsTask();
        return new PayloadWrite(SaltedPayload.Prefix + digest, added, added);
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> GetAsync(string reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var digest = SaltedPayload.ReadReference(reference);
        var content = await RunAsync(
            command => command.ExecuteScalarAsync(cancellationToken), PostgresSchema.ReadPayload, [Of(connector.Workspace), Of(digest)], cancellationToken).ConfigureAwait(false);
        return SaltedPayload.Open(reference, content as byte[]);
    }

    /// <summary>Erases the payloads that were written before a time.</summary>
    public async ValueTask<long> EraseOlderThanAsync(DateTimeOffset olderThan, CancellationToken cancellationToken) => await RunAsync(
        command => command.ExecuteNonQueryAsync(cancellationToken),
        PostgresSchema.ErasePayloads,
        [Of(connector.Workspace), Of(RecordColumns.FormatTime(olderThan))],
        cancellationToken).ConfigureAwait(false);

    private async ValueTask AddAsync(string text, string digest, byte[] content, CancellationToken cancellationToken) => await RunAsync(
        command => command.ExecuteNonQueryAsync(cancellationToken),
        text,
        [Of(connector.Workspace), Of(digest), Of(RecordColumns.FormatTime(DateTimeOffset.UtcNow)), Of(content)],
        cancellationToken).ConfigureAwait(false);

    private async ValueTask<T> RunAsync<T>(Func<NpgsqlCommand, Task<T>> run, string text, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        try
        {
            // A connection kept from before the server restarted fails at its first use; adding a payload twice changes nothing.
            return await connector.RunAsync(
                async connection =>
                {
                    await using (connection)
                    {
                        await using var command = MakeCommand(connection, text, parameters);
                        try
                        {
                            return await run(command).ConfigureAwait(false);
                        }
                        finally
                        {
                            // They belong to one command at a time, and are used again where this one fails.
                            command.Parameters.Clear();
                        }
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception)
        {
            throw new AgentOpsException(ErrorCodes.StoreUnavailable, $"The payloads in '{location}' can't be read or written: {exception.Message}", location, innerException: exception);
        }
    }
}
