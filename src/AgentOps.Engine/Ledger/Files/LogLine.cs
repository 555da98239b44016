namespace AgentOps.Engine.Ledger;

/// <summary>A line of the log.</summary>
/// <param name="Bytes">The line without its line feed.</param>
/// <param name="After">The place after it.</param>
internal readonly record struct LogLine(ReadOnlyMemory<byte> Bytes, LogPosition After)
{
    /// <summary>Tells a record from a commit line.</summary>
    public bool IsRecord => !Bytes.Span.StartsWith(CommitLine.Mark);
}
