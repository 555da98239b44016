using System.Security.Cryptography;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// The log of a file ledger: its segments, read on from where this process stands, and appended to. All but
/// <see cref="HasNews"/> wants the store's lock where the store can be written.
/// </summary>
internal sealed class FileLog(LedgerFolder folder, ILedgerFiles files, long segmentBytes, bool canWrite) : IDisposable
{
    private const int LongestTail = 64 * 1024 * 1024;
    private ILogFile? _file;
    private byte[] _lastLine = [];
    private byte[] _found = [];
    private LogPosition _position;
    private string _segment = folder.GetSegment(0);
    private string _next = folder.GetSegment(1);

    /// <summary>The place after the last commit line that this process has taken in.</summary>
    public LogPosition Position
    {
        get => _position;
        private set
        {
            if (value.Segment != _position.Segment)
            {
                (_segment, _next) = (folder.GetSegment(value.Segment), folder.GetSegment(value.Segment + 1));
            }

            _position = value;
        }
    }

    /// <summary>Goes to a place, whose last line before it is known.</summary>
    public void Seek(LogPosition position, byte[] commitLine)
    {
        Close();
        Position = position;
        _lastLine = commitLine;
    }

    /// <summary>Tells whether a commit line stands before a place.</summary>
    public bool Holds(LogPosition position, ReadOnlySpan<byte> commitLine)
    {
        var path = folder.GetSegment(position.Segment);
        if (!files.Exists(path))
        {
            return false;
        }

        using var segment = files.OpenLog(path, write: false);
        var bytes = new byte[commitLine.Length];
        return position.Offset >= bytes.Length && segment.Length >= position.Offset
            && segment.Read(position.Offset - bytes.Length, bytes) == bytes.Length && commitLine.SequenceEqual(bytes);
    }

    /// <summary>Tells whether the log has changed since this process read it.</summary>
    public bool HasNews() =>
        files.TryGetLength(_segment) != Position.Offset || files.Exists(_next);

    /// <summary>Takes in what stands after <see cref="Position"/>.</summary>
    /// <param name="state">Receives the records.</param>
    /// <param name="isLocked">Tells whether the caller has the lock; then what stands beyond the last commit line is cut.</param>
    /// <returns>What was cut, or null.</returns>
    /// <exception cref="AgentOpsException">LedgerTampered: something below the last commit line is inconsistent.</exception>
    public TornTail? CatchUp(LedgerState state, bool isLocked)
    {
        var started = Position;
        var reading = Position;
        long length;
        try
        {
            CheckLastLine(out length);
            while (GetFile() is { } segment)
            {
                if (length > Position.Offset)
                {
                    ReadSegment(state, segment, ref reading);
                }

                if (!files.Exists(_next))
                {
                    break;
                }

                if (length != Position.Offset)
                {
                    throw new FormatException("The segment ends without a commit line, and another one follows it.");
                }

                Seek(new LogPosition(Position.Segment + 1, 0, 0), []);
                reading = Position;
                length = GetFile()?.Length ?? 0;
            }
        }
        catch (FormatException exception)
        {
            state.DropPending();
            if (!IsTorn())
            {
                throw Tampered(reading, exception);
            }

            length = _file!.Length;
        }

        try
        {
            if (Position != started)
            {
                state.CheckCommit();
            }
        }
        catch (FormatException exception)
        {
            throw Tampered(Position with { Line = Position.Line - 1 }, exception);
        }

        return isLocked ? CutTail(state, length) : DropTail(state);
    }

    /// <summary>Appends a batch and its commit line and makes them durable.</summary>
    /// <param name="bytes">Whole lines, the last of them the commit line.</param>
    /// <param name="lines">How many lines.</param>
    /// <param name="commitLength">The length of the commit line with its line feed.</param>
    public void Append(ReadOnlySpan<byte> bytes, long lines, int commitLength)
    {
        if (Position.Offset >= segmentBytes)
        {
            Seek(new LogPosition(Position.Segment + 1, 0, 0), []);
        }

        if (_file is null)
        {
            files.CreateFolder(folder.Log);
            _file = files.OpenLog(_segment, write: true);
        }

        _file.Write(Position.Offset, bytes);
        _file.Flush();
        _lastLine = bytes[^commitLength..].ToArray();
        Position = new LogPosition(Position.Segment, Position.Offset + bytes.Length, Position.Line + lines);
    }

    /// <summary>Takes back a batch whose write or flush failed.</summary>
    public void Undo()
    {
        if (_file is not null && _file.Length > Position.Offset)
        {
            _file.Cut(Position.Offset);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void ReadSegment(LedgerState state, ILogFile segment, ref LogPosition reading)
    {
        var reader = new LogReader(segment, Position);
        while (true)
        {
            reading = reader.Position;
            if (!reader.TryReadLine(out ReadOnlySpan<byte> line))
            {
                return;
            }

            TakeLine(state, line, reader.Position);
        }
    }

    private void TakeLine(LedgerState state, ReadOnlySpan<byte> line, LogPosition after)
    {
        if (!line.StartsWith(CommitLine.Mark))
        {
            state.AddLine(line);
            return;
        }

        var commit = CommitLine.TryParse(line) ?? throw new FormatException("The commit line can't be read.");
        if (commit.Size != state.Size + state.PendingCount)
        {
            throw new FormatException($"The commit line says {commit.Size} records, and {state.Size + state.PendingCount} stand before it.");
        }

        state.Accept();
        state.Seal(commit);
        Position = after;
        _lastLine = [.. line, (byte)'\n'];
    }

    /// <summary>Checks that the segment still is what this process last read; its length is that of now, 0 where there is none yet.</summary>
    private void CheckLastLine(out long length)
    {
        length = _file?.Length ?? 0;
        if (_file is not null && files.TryGetLength(_segment) != length)
        {
            // Another file has the name now: a backup was restored in its place.
            Close();
        }

        if (_file is null)
        {
            if (GetFile() is not { } opened)
            {
                if (Position.Offset > 0)
                {
                    throw new FormatException("The segment is gone.");
                }

                return;
            }

            length = opened.Length;
        }

        if (_found.Length != _lastLine.Length)
        {
            _found = new byte[_lastLine.Length];
        }

        if (length < Position.Offset
            || (_found.Length > 0 && (_file!.Read(Position.Offset - _found.Length, _found) != _found.Length || !_found.AsSpan().SequenceEqual(_lastLine))))
        {
            throw new FormatException("The log is shorter, or other, than when this process last read it.");
        }
    }

    private ILogFile? GetFile()
    {
        if (_file is null && files.Exists(_segment))
        {
            _file = files.OpenLog(_segment, canWrite);
        }

        return _file;
    }

    // A crash leaves a beginning of the batch, or, after a power failure, zeros where blocks were not written.
    // Anything else that does not fit was not written by this store.
    private bool IsTorn()
    {
        if (_file is null || files.Exists(_next) || _file.Length - Position.Offset is > LongestTail or <= 0)
        {
            return false;
        }

        var rest = ReadTail(_file);
        if (!rest.Contains((byte)0))
        {
            return false;
        }

        var commits = 0;
        ReadOnlySpan<byte> text = rest;
        foreach (var range in text.Split((byte)'\n'))
        {
            commits += text[range].StartsWith(CommitLine.Mark) ? 1 : 0;
        }

        return commits <= 1;
    }

    private TornTail? CutTail(LedgerState state, long length)
    {
        state.DropPending();
        if (_file is null || length == Position.Offset)
        {
            return null;
        }

        if (length - Position.Offset > LongestTail)
        {
            throw Tampered(Position, new FormatException("More stands after the last commit line than any batch holds."));
        }

        var rest = ReadTail(_file);
        if (canWrite)
        {
            _file.Cut(Position.Offset);
        }

        return new TornTail(rest.Length, Convert.ToHexStringLower(SHA256.HashData(rest)));
    }

    private static TornTail? DropTail(LedgerState state)
    {
        state.DropPending();
        return null;
    }

    private byte[] ReadTail(ILogFile open)
    {
        var rest = new byte[open.Length - Position.Offset];
        for (var read = 0; read < rest.Length;)
        {
            var count = open.Read(Position.Offset + read, rest.AsSpan(read));
            if (count == 0)
            {
                return rest[..read];
            }

            read += count;
        }

        return rest;
    }

    private AgentOpsException Tampered(LogPosition place, FormatException exception)
    {
        return new AgentOpsException(ErrorCodes.LedgerTampered, $"The ledger does not hold together at {place}: {exception.Message}", folder.GetSegment(place.Segment), innerException: exception);
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
