using Npgsql;

namespace AgentOps.Engine.Ledger;

/// <summary>A transaction that has the row of the workspace: the exclusive section between hosts.</summary>
internal sealed class PostgresSection(NpgsqlConnection connection, NpgsqlTransaction transaction, long size, string commitLine) : IAsyncDisposable
{
    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection => connection;

    /// <summary>How many records the ledger has.</summary>
    public long Size => size;

    /// <summary>The newest commit line, or an empty text.</summary>
    public string CommitLine => commitLine;

    /// <summary>Tells whether the transaction was brought to its end.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Commits.</summary>
    public async ValueTask CommitAsync()
    {
        IsOver = true;
        await transaction.CommitAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!IsOver)
            {
                IsOver = true;
                await transaction.RollbackAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or IOException)
        {
            // The connection is gone, and the server has rolled back by itself.
        }

        await transaction.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
