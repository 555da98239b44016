using System.Globalization;
using Npgsql;

namespace AgentOps.Engine.Ledger;

/// <summary>Waits for the next append of any host: by LISTEN, and by looking every now and then where the server does not offer it or is away.</summary>
internal sealed class PostgresFollower(PostgresConnector connector) : IAsyncDisposable
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookOften = TimeSpan.FromMilliseconds(250);
    private NpgsqlConnection? _connection;

    /// <summary>Begins to listen.</summary>
    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _connection = await connector.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"LISTEN {connector.Channel}"), _connection);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            await CloseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits until there may be more.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (_connection is null)
        {
            await Task.Delay(LookOften, cancellationToken).ConfigureAwait(false);
            await StartAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await _connection.WaitAsync(LookAnyway, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            await CloseAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    private async ValueTask CloseAsync()
    {
        if (_connection is { } open)
        {
            _connection = null;
            await open.DisposeAsync().ConfigureAwait(false);
        }
    }
}
