namespace AgentOps.Engine.Ledger;

/// <summary>The lines of the log between two places, over its segments.</summary>
internal sealed class LogLines(LedgerFolder folder, ILedgerFiles files)
{
    /// <summary>Reads the lines; the bytes of a line are valid until the next one is asked for.</summary>
    public IEnumerable<LogLine> Read(LogPosition start, LogPosition end)
    {
        for (var segment = start.Segment; segment <= end.Segment; segment++)
        {
            using var file = files.OpenLog(folder.GetSegment(segment), write: false);
            var from = segment == start.Segment ? start : new LogPosition(segment, 0, 0);
            var reader = new LogReader(file, from, segment == end.Segment ? end.Offset : long.MaxValue);
            while (reader.TryReadLine(out ReadOnlyMemory<byte> line))
            {
                yield return new LogLine(line, reader.Position);
            }
        }
    }
}
