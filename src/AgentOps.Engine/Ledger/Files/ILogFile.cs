namespace AgentOps.Engine.Ledger;

/// <summary>One open segment of the log.</summary>
internal interface ILogFile : IDisposable
{
    /// <summary>The length in bytes, as it is now.</summary>
    long Length { get; }

    /// <summary>Reads at an offset; gives 0 at the end.</summary>
    int Read(long offset, Span<byte> buffer);

    /// <summary>Writes at an offset.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Makes durable what was written.</summary>
    void Flush();

    /// <summary>Cuts the file.</summary>
    void Cut(long length);
}
