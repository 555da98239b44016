namespace AgentOps.Engine.Ledger;

/// <summary>Reads records from the log of a file ledger, without its lock.</summary>
internal sealed class FileLedgerReader(LedgerFolder folder, ILedgerFiles files)
{
    /// <summary>Reads what a query asks for, up to a place.</summary>
    public IEnumerable<LedgerRecord> Read(LedgerQuery query, LedgerFilter filter, LogPosition end, CancellationToken cancellationToken)
    {
        var matching = ReadRange(filter, default, end, cancellationToken).Skip((int)query.Skip);
        if (query.First is { } first)
        {
            matching = matching.Take((int)first);
        }

        return query.Newest is { } newest ? matching.TakeLast(newest) : matching;
    }

    /// <summary>Reads the records between two places.</summary>
    public IEnumerable<LedgerRecord> ReadRange(LedgerFilter filter, LogPosition start, LogPosition end, CancellationToken cancellationToken)
    {
        for (var segment = start.Segment; segment <= end.Segment; segment++)
        {
            var path = folder.GetSegment(segment);
            if (!files.Exists(path))
            {
                yield break;
            }

            using var file = files.OpenLog(path, write: false);
            var from = segment == start.Segment ? start : new LogPosition(segment, 0, 0);
            var reader = new LogReader(file, from, segment == end.Segment ? end.Offset : long.MaxValue);
            while (TryRead(reader, out var record))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (record is not null && filter.Matches(record))
                {
                    yield return record;
                }
            }
        }
    }

    private static bool TryRead(LogReader reader, out LedgerRecord? record)
    {
        record = null;
        if (!reader.TryReadLine(out ReadOnlySpan<byte> line))
        {
            return false;
        }

        if (!line.StartsWith(CommitLine.Mark))
        {
            record = RecordCodec.Read(line);
        }

        return true;
    }
}
