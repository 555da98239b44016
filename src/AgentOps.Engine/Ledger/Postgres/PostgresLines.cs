using System.Text;
using Npgsql;
using static AgentOps.Engine.Ledger.PostgresConnector;

namespace AgentOps.Engine.Ledger;

/// <summary>Reads records and commit lines in the order of the log. A commit line comes with its line feed, a record without.</summary>
internal sealed class PostgresLines(string workspace, NpgsqlConnection connection, long start, long end) : IAsyncDisposable
{
    private readonly Queue<(long Size, byte[] Line)> commits = [];
    private NpgsqlCommand? command;
    private NpgsqlDataReader? reader;
    private long next = start;

    /// <summary>Begins.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        await using (var read = MakeCommand(connection, PostgresSchema.ReadCommits, Of(workspace), Of(next), Of(end)))
        await using (var found = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false))
        {
            while (await found.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                commits.Enqueue((found.GetInt64(0), Encoding.ASCII.GetBytes(found.GetString(1))));
            }
        }

        command = MakeCommand(connection, PostgresSchema.ReadRecords, Of(workspace), Of(next), Of(end));
        reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the next line; null at the end.</summary>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        if (commits.TryPeek(out var commit) && commit.Size <= next)
        {
            return commits.Dequeue().Line;
        }

        if (!await reader!.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return commits.TryDequeue(out commit) ? commit.Line : null;
        }

        next++;
        return reader.GetFieldValue<byte[]>(0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (reader is not null)
        {
            await reader.DisposeAsync().ConfigureAwait(false);
        }

        if (command is not null)
        {
            await command.DisposeAsync().ConfigureAwait(false);
        }
    }
}
