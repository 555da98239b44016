namespace AgentOps.Engine.Ledger;

/// <summary>Reads the lines of one segment from a place on.</summary>
internal sealed class LogReader(ILogFile file, LogPosition start, long end = long.MaxValue)
{
    private readonly byte[] _buffer = new byte[GetBufferLength(file, start)];
    private int _head;
    private int _tail;
    private long _next = start.Offset;

    private const int LargestBuffer = 256 * 1024;

    /// <summary>The place after the last line read.</summary>
    public LogPosition Position { get; private set; } = start;

    /// <summary>Reads a line, without its line feed.</summary>
    /// <returns>False at the end of the segment; what stands there without a line feed is left.</returns>
    /// <exception cref="FormatException">A line is longer than any can be.</exception>
    public bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        var isRead = TryReadLine(out ReadOnlyMemory<byte> memory);
        line = memory.Span;
        return isRead;
    }

    /// <summary>Reads a line, without its line feed; its bytes are valid until the next one is read.</summary>
    public bool TryReadLine(out ReadOnlyMemory<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_head + searched, _tail - _head - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var length = searched + found;
                line = _buffer.AsMemory(_head, length);
                _head += length + 1;
                Position = new LogPosition(Position.Segment, Position.Offset + length + 1, Position.Line + 1);
                return true;
            }

            searched = _tail - _head;
            if (searched > RecordCodec.LargestRecord + 1)
            {
                throw new FormatException($"The line is longer than {RecordCodec.LargestRecord:N0} bytes.");
            }

            if (_head > 0)
            {
                _buffer.AsSpan(_head, searched).CopyTo(_buffer);
                _head = 0;
                _tail = searched;
            }

            var wanted = (int)Math.Min(_buffer.Length - _tail, end - _next);
            var read = wanted <= 0 ? 0 : file.Read(_next, _buffer.AsSpan(_tail, wanted));
            if (read == 0)
            {
                line = default;
                return false;
            }

            _next += read;
            _tail += read;
        }
    }

    // Mostly a few records are read that another process has just appended.
    private static int GetBufferLength(ILogFile file, LogPosition start) => file.Length - start.Offset < 8192 ? RecordCodec.LargestRecord + 8192 : LargestBuffer;
}
