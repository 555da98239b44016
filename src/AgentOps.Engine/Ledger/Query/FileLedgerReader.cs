namespace AgentOps.Engine.Ledger;

/// <summary>Reads records from the log of a file ledger, without its lock.</summary>
internal sealed class FileLedgerReader(LedgerFolder folder, ILedgerFiles files, LedgerQuery query)
{
    private readonly LedgerFilter _filter = new(query);
    private readonly LineFilter _lines = new(query);

    /// <summary>Reads what the query asks for, up to a place.</summary>
    public IEnumerable<LedgerRecord> Read(LogPosition end, CancellationToken cancellationToken)
    {
        if (query.Newest is { } newest)
        {
            return ReadNewest(newest, end, cancellationToken);
        }

        var matching = ReadRange(default, end, cancellationToken);
        return query.Skip == 0 && query.First is null ? matching : Page(matching);
    }

    /// <summary>Reads the matching records between two places.</summary>
    public IEnumerable<LedgerRecord> ReadRange(LogPosition start, LogPosition end, CancellationToken cancellationToken)
    {
        foreach (var line in ReadLines(start, end, cancellationToken))
        {
            if (RecordCodec.Read(line.Span) is var record && _filter.Matches(record))
            {
                yield return record;
            }
        }
    }

    // The newest matching lines are kept as bytes: only those that are given are read.
    private Queue<LedgerRecord> ReadNewest(int count, LogPosition end, CancellationToken cancellationToken)
    {
        var kept = new Queue<byte[]>();
        foreach (var line in ReadLines(default, end, cancellationToken))
        {
            if (!_filter.IsExact || _filter.Matches(RecordCodec.Read(line.Span)))
            {
                kept.Enqueue(line.ToArray());
                if (kept.Count > count)
                {
                    kept.Dequeue();
                }
            }
        }

        return new Queue<LedgerRecord>(kept.Select(line => RecordCodec.Read(line)));
    }

    private IEnumerable<LedgerRecord> Page(IEnumerable<LedgerRecord> matching)
    {
        var (skip, left) = (query.Skip, query.First ?? long.MaxValue);
        if (left <= 0)
        {
            yield break;
        }

        foreach (var record in matching)
        {
            if (skip-- > 0)
            {
                continue;
            }

            yield return record;
            if (--left == 0)
            {
                yield break;
            }
        }
    }

    private IEnumerable<ReadOnlyMemory<byte>> ReadLines(LogPosition start, LogPosition end, CancellationToken cancellationToken)
    {
        foreach (var line in new LogLines(folder, files).Read(start, end))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!line.IsRecord)
            {
                continue;
            }

            if (_lines.MayMatch(line.Bytes.Span, out var isPast))
            {
                yield return line.Bytes;
            }
            else if (isPast)
            {
                yield break;
            }
        }
    }
}
