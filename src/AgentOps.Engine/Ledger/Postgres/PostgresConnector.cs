using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace AgentOps.Engine.Ledger;

/// <summary>Opens connections to one workspace's server, and waits for a server that restarts.</summary>
internal sealed class PostgresConnector : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly TimeSpan _timeout;

    /// <summary>Takes over where to connect to.</summary>
    public PostgresConnector(PostgresUri uri, TimeSpan timeout)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(uri.ConnectionString);
        builder.EnableTransportSecurity();
        builder.EnableArrays();
        _source = builder.Build();
        _timeout = timeout;
        Workspace = uri.Workspace;
        Channel = "agentops_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(uri.Workspace)).AsSpan(0, 8));
    }

    /// <summary>The name of the workspace.</summary>
    public string Workspace { get; }

    /// <summary>The channel on which its followers listen.</summary>
    public string Channel { get; }

    /// <summary>Opens a connection; tries again while the server is away.</summary>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => RunAsync(ValueTask.FromResult, cancellationToken);

    /// <summary>Opens a connection at once or not at all, for a short question in the middle of a decision.</summary>
    /// <exception cref="NpgsqlException">The server is away.</exception>
    public NpgsqlConnection Open() => _source.OpenConnection();

    /// <summary>
    /// Opens a connection and begins to use it; tries again while the server is away, and where the connection was one kept
    /// from before it restarted. What is begun must do no harm when it is begun twice. It takes over the connection.
    /// </summary>
    public async ValueTask<T> RunAsync<T>(Func<NpgsqlConnection, ValueTask<T>> begin, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        for (var wait = 20; ; wait = Math.Min(wait * 2, 1000))
        {
            NpgsqlConnection? connection = null;
            try
            {
                connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                return await begin(connection).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                if (connection is not null)
                {
                    await connection.DisposeAsync().ConfigureAwait(false);
                }

                if (!IsPassing(exception) || Stopwatch.GetElapsedTime(started) > _timeout)
                {
                    throw;
                }
            }

            await Task.Delay(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The role as which the server knows this process.</summary>
    public ValueTask<string> ReadRoleAsync(CancellationToken cancellationToken) => RunAsync(
        async connection =>
        {
            await using (connection)
            {
                await using var command = new NpgsqlCommand("SELECT current_user::text", connection);
                return (string)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
            }
        },
        cancellationToken);

    /// <summary>Makes a command with its parameters in their order.</summary>
    public static NpgsqlCommand MakeCommand(NpgsqlConnection connection, string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlCommand(text, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Makes a parameter.</summary>
    public static NpgsqlParameter Of<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    // 57P03: the server starts up or shuts down; 57P01 and 57P02: it ended the connection; 53300: too many connections;
    // 40001: a distributed engine asks to begin again. Without a state, the connection broke or was refused.
    private static bool IsPassing(Exception exception) => exception switch
    {
        PostgresException known => known.SqlState is "57P01" or "57P02" or "57P03" or "53300" or "40001",
        NpgsqlException or IOException or System.Net.Sockets.SocketException => true,
        _ => false,
    };
}
