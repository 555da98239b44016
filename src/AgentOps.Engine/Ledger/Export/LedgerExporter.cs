namespace AgentOps.Engine.Ledger;

/// <summary>Writes records in the formats of other tools.</summary>
public static class LedgerExporter
{
    private const int FlushAt = 64 * 1024;

    /// <summary>Writes what a query asks for.</summary>
    /// <param name="store">The ledger.</param>
    /// <param name="format">The format.</param>
    /// <param name="query">Which records; with <see cref="LedgerQuery.Follow"/> it goes on until cancelled.</param>
    /// <param name="output">Receives UTF-8; stays open.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many records were read.</returns>
    public static async ValueTask<long> ExportAsync(
        ILedgerStore store, LedgerExportFormat format, LedgerQuery query, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(output);
        var writer = Make(format, store.GetCheckpoint().Origin);
        var buffer = new ByteBuffer(2 * FlushAt);
        var count = 0L;
        writer.Begin(buffer);
        await foreach (var record in store.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            writer.Write(record, buffer);
            count++;
            if (buffer.Length >= FlushAt || query.Follow)
            {
                await output.WriteAsync(buffer.Memory, cancellationToken).ConfigureAwait(false);
                buffer.Cut(0);
            }
        }

        writer.End(buffer);
        await output.WriteAsync(buffer.Memory, cancellationToken).ConfigureAwait(false);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        return count;
    }

    private static IExportWriter Make(LedgerExportFormat format, string origin) => format switch
    {
        LedgerExportFormat.Csv => new CsvExportWriter(),
        LedgerExportFormat.Ocsf => new OcsfExportWriter(origin),
        LedgerExportFormat.OpenTelemetry => new SpanExportWriter(origin),
        _ => new JsonlExportWriter(),
    };
}
