namespace AgentOps.Engine.Ledger;

/// <summary>A place between two lines of the log.</summary>
/// <param name="Segment">The number of the file, from 0.</param>
/// <param name="Offset">The offset in the file, in bytes.</param>
/// <param name="Line">How many lines of the file stand before it.</param>
internal readonly record struct LogPosition(int Segment, long Offset, long Line)
{
    /// <summary>The line after the place, as faults name it.</summary>
    public override string ToString() => $"{Segment:D6}.jsonl:{Line + 1}";
}
