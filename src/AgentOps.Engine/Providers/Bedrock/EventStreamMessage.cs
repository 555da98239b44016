using System.Buffers.Binary;
using System.Text;

namespace AgentOps.Engine.Providers.Bedrock;

/// <summary>
/// One frame of <c>application/vnd.amazon.eventstream</c>: total length, length of headers, their checksum, headers, payload,
/// checksum of all; numbers big-endian, checksums CRC-32 as in zlib.
/// </summary>
/// <param name="Headers">The text headers, such as <c>:event-type</c>; others are skipped.</param>
/// <param name="Payload">Usually JSON.</param>
public sealed record EventStreamMessage(IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Payload)
{
    private const int PreludeLength = 12;
    private const int ChecksumLength = 4;
    private const int Longest = 16 * 1024 * 1024;
    private const byte TextType = 7;

    /// <summary>The value of a header, or null.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The bytes of a frame.</summary>
    public byte[] Encode()
    {
        using var headers = new MemoryStream();
        Span<byte> length = stackalloc byte[2];
        foreach (var (name, value) in Headers)
        {
            var text = Encoding.UTF8.GetBytes(value);
            headers.WriteByte((byte)name.Length);
            headers.Write(Encoding.ASCII.GetBytes(name));
            headers.WriteByte(TextType);
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)text.Length);
            headers.Write(length);
            headers.Write(text);
        }

        var total = PreludeLength + (int)headers.Length + Payload.Length + ChecksumLength;
        var frame = new byte[total];
        BinaryPrimitives.WriteInt32BigEndian(frame, total);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), (int)headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), Crc32.Compute(frame.AsSpan(0, 8)));
        headers.ToArray().CopyTo(frame.AsSpan(PreludeLength));
        Payload.Span.CopyTo(frame.AsSpan(PreludeLength + (int)headers.Length));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(total - ChecksumLength), Crc32.Compute(frame.AsSpan(0, total - ChecksumLength)));
        return frame;
    }

    /// <summary>Reads the next frame; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">A length or a checksum is wrong.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within a frame.</exception>
    public static async ValueTask<EventStreamMessage?> ReadAsync(Stream stream, CancellationToken ct)
    {
        var prelude = new byte[PreludeLength];
        var read = await stream.ReadAtLeastAsync(prelude, PreludeLength, throwOnEndOfStream: false, ct).ConfigureAwait(false);
        if (read == 0)
        {
            return null;
        }

        if (read < PreludeLength)
        {
            throw new EndOfStreamException("The stream ended within a frame.");
        }

        var total = BinaryPrimitives.ReadInt32BigEndian(prelude);
        var headerLength = BinaryPrimitives.ReadInt32BigEndian(prelude.AsSpan(4));
        if (BinaryPrimitives.ReadUInt32BigEndian(prelude.AsSpan(8)) != Crc32.Compute(prelude.AsSpan(0, 8)))
        {
            throw new InvalidDataException("The checksum of a frame's beginning is wrong.");
        }

        if (total is < PreludeLength + ChecksumLength or > Longest || headerLength < 0 || headerLength > total - PreludeLength - ChecksumLength)
        {
            throw new InvalidDataException("The length of a frame is wrong.");
        }

        var frame = new byte[total];
        prelude.CopyTo(frame, 0);
        await stream.ReadExactlyAsync(frame.AsMemory(PreludeLength), ct).ConfigureAwait(false);
        if (BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(total - ChecksumLength)) != Crc32.Compute(frame.AsSpan(0, total - ChecksumLength)))
        {
            throw new InvalidDataException("The checksum of a frame is wrong.");
        }

        return new EventStreamMessage(
            ReadHeaders(frame.AsSpan(PreludeLength, headerLength)),
            frame.AsMemory(PreludeLength + headerLength, total - PreludeLength - headerLength - ChecksumLength));
    }

    private static Dictionary<string, string> ReadHeaders(ReadOnlySpan<byte> bytes)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            while (bytes.Length > 0)
            {
                var name = Encoding.UTF8.GetString(bytes.Slice(1, bytes[0]));
                bytes = bytes[(1 + bytes[0])..];
                var type = bytes[0];
                bytes = bytes[1..];

                // true, false, byte, short, int, long, bytes, text, timestamp, uuid
                int skip = type switch
                {
                    0 or 1 => 0,
                    2 => 1,
                    3 => 2,
                    4 => 4,
                    5 or 8 => 8,
                    6 or TextType => 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes),
                    9 => 16,
                    _ => throw new InvalidDataException("A frame has a header of unknown type."),
                };
                if (type == TextType)
                {
                    headers[name] = Encoding.UTF8.GetString(bytes[2..skip]);
                }

                bytes = bytes[skip..];
            }
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("A frame's headers are cut short.", exception);
        }

        return headers;
    }
}
