using System.Text;
using Npgsql;
using static AgentOps.Engine.Ledger.PostgresConnector;

namespace AgentOps.Engine.Ledger;

/// <summary>Reads records and commit lines in the order of the log. A commit line comes with its line feed, a record without.</summary>
internal sealed class PostgresLines(string workspace, NpgsqlConnection connection, long start, long end) : IAsyncDisposable
{
    private readonly Queue<(long Size, byte[] Line)> _commits = [];
    private NpgsqlCommand? _command;
    private NpgsqlDataReader? _reader;
    private long _next = start;

    /// <summary>Begins.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        await using (var read = MakeCommand(connection, PostgresSchema.ReadCommits, Of(workspace), Of(_next), Of(end)))
        await using (var found = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false))
        {
            while (await found.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                _commits.Enqueue((found.GetInt64(0), Encoding.ASCII.GetBytes(found.GetString(1))));
            }
        }

        _command = MakeCommand(connection, PostgresSchema.ReadRecords, Of(workspace), Of(_next), Of(end));
        _reader = await _command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the next line; null at the end.</summary>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_commits.TryPeek(out var commit) && commit.Size <= _next)
        {
            return _commits.Dequeue().Line;
        }

        if (!await _reader!.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return _commits.TryDequeue(out commit) ? commit.Line : null;
        }

        _next++;
        return _reader.GetFieldValue<byte[]>(0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_reader is not null)
        {
            await _reader.DisposeAsync().ConfigureAwait(false);
        }

        if (_command is not null)
        {
            await _command.DisposeAsync().ConfigureAwait(false);
        }
    }
}
