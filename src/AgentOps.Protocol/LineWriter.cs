using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AgentOps.Protocol;

/// <summary>Writes one JSON document a line to a stream, each flushed at once. Safe to use from several threads.</summary>
public sealed class LineWriter
{
    private readonly Stream _stream;
    private readonly Lock _gate = new();

    /// <summary>Writes to a stream that the caller keeps and closes.</summary>
    /// <param name="stream">Where lines go.</param>
    public LineWriter(Stream stream) => _stream = stream;

    /// <summary>Writes a line.</summary>
    /// <typeparam name="T">A type of the protocol.</typeparam>
    /// <param name="line">What it says.</param>
    /// <param name="type">How it is written, from a source-generated context.</param>
    /// <exception cref="IOException">The reader has gone.</exception>
    public void Write<T>(T line, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(line, type);
        lock (_gate)
        {
            _stream.Write(bytes);
            _stream.WriteByte((byte)'\n');
            _stream.Flush();
        }
    }
}
