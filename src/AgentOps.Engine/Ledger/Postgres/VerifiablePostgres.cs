using System.Globalization;

namespace AgentOps.Engine.Ledger;

/// <summary>The lines of a ledger in PostgreSQL, for its verification. A line is named by the record that stands there.</summary>
internal sealed class VerifiablePostgres(PostgresConnector connector, string location, CancellationToken cancellationToken) : IVerifiableLog
{
    /// <inheritdoc/>
    public string Location => location;

    /// <inheritdoc/>
    public IEnumerable<VerifyBlock> ReadBlocks()
    {
        using var connection = connector.OpenAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
        long size;
        using (var end = PostgresConnector.MakeCommand(connection, PostgresSchema.ReadSize, PostgresConnector.Of(connector.Workspace)))
        {
            size = end.ExecuteScalar() as long? ?? 0;
        }

        var lines = new PostgresLines(connector.Workspace, connection, 0, size);
        try
        {
            lines.OpenAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
            var buffer = new byte[VerifyBlock.BufferLength];
            var filled = 0;
            while (lines.ReadAsync(cancellationToken).AsTask().GetAwaiter().GetResult() is { } line)
            {
                var needed = line.Length + (line.AsSpan().StartsWith(CommitLine.Mark) ? 0 : 1);
                if (filled + needed > buffer.Length)
                {
                    yield return new VerifyBlock(buffer, 0) { Length = filled };
                    (buffer, filled) = (new byte[Math.Max(VerifyBlock.BufferLength, needed)], 0);
                }

                line.CopyTo(buffer, filled);
                filled += needed;
                buffer[filled - 1] = (byte)'\n';
            }

            yield return new VerifyBlock(buffer, 0) { Length = filled };
        }
        finally
        {
            lines.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc/>
    public string Describe(int segment, long lines) => string.Create(CultureInfo.InvariantCulture, $"line {lines + 1}");

    /// <inheritdoc/>
    public TileTree? GetTiles(long size) => null;

    /// <inheritdoc/>
    public SignedNote? ReadCheckpoint() => null;
}
