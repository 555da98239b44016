namespace AgentOps.Engine.Ledger;

/// <summary>
/// Some whole lines of one segment, and what can be checked of them alone: every line is a record or a commit line, the
/// sequences and times go up. Many blocks are checked at once; what joins them is the verifier's.
/// </summary>
internal sealed class VerifyBlock(byte[] buffer, int segment)
{
    /// <summary>The length of a block's buffer, in bytes.</summary>
    public const int BufferLength = 1024 * 1024;

    private readonly List<MerkleHash> _leaves = new(4096);
    private readonly List<(int Record, int Line, CommitLine Commit)> _commits = [];
    private readonly List<(int Record, LedgerRecord Event)> _own = [];
    private readonly byte[] _firstTime = new byte[RecordScan.TimeLength];
    private readonly byte[] _lastTime = new byte[RecordScan.TimeLength];

    /// <summary>The number of the segment.</summary>
    public int Segment => segment;

    /// <summary>The bytes.</summary>
    public byte[] Buffer => buffer;

    /// <summary>How many bytes of the buffer are whole lines.</summary>
    public int Length { get; set; }

    /// <summary>The hashes of the records.</summary>
    public List<MerkleHash> Leaves => _leaves;

    /// <summary>The commit lines, after so many records of the block, on this line of it.</summary>
    public List<(int Record, int Line, CommitLine Commit)> Commits => _commits;

    /// <summary>The events of the store's own.</summary>
    public List<(int Record, LedgerRecord Event)> Own => _own;

    /// <summary>The sequence of the first record.</summary>
    public long FirstSequence { get; private set; }

    /// <summary>The time of the first record.</summary>
    public ReadOnlySpan<byte> FirstTime => _firstTime;

    /// <summary>The time of the last record.</summary>
    public ReadOnlySpan<byte> LastTime => _lastTime;

    /// <summary>How many lines were checked.</summary>
    public int Lines { get; private set; }

    /// <summary>What is wrong with the line after the checked ones, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Checks the lines, up to the first that is wrong.</summary>
    public void Check()
    {
        ReadOnlySpan<byte> rest = buffer.AsSpan(0, Length);
        while (rest.Length > 0)
        {
            var end = rest.IndexOf((byte)'\n');
            try
            {
                CheckLine(rest[..end]);
            }
            catch (FormatException exception)
            {
                Fault = exception.Message;
                return;
            }

            rest = rest[(end + 1)..];
            Lines++;
        }
    }

    private void CheckLine(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith(CommitLine.Mark))
        {
            _commits.Add((_leaves.Count, Lines, CommitLine.TryParse(line) ?? throw new FormatException("The commit line can't be read.")));
            return;
        }

        var scan = RecordScan.Read(line);
        var time = line.Slice(scan.TimeStart, RecordScan.TimeLength);
        if (_leaves.Count == 0)
        {
            FirstSequence = scan.Sequence;
            _ = RecordCodec.ParseTime(time);
            time.CopyTo(_firstTime);
        }
        else if (scan.Sequence != FirstSequence + _leaves.Count)
        {
            throw new FormatException($"Record {FirstSequence + _leaves.Count} was expected here, and this one says that it is {scan.Sequence}.");
        }
        else if (time.SequenceCompareTo(_lastTime) < 0)
        {
            throw new FormatException("The record is older than the one before it.");
        }

        time.CopyTo(_lastTime);
        if (scan.IsOwn)
        {
            _own.Add((_leaves.Count, RecordCodec.Read(line)));
        }

        _leaves.Add(MerkleHash.Leaf(line));
    }
}
