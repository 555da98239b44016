using System.Buffers;
using System.Text.Json;

namespace AgentOps.Engine.Providers;

/// <summary>One JSON document a line: the form of the vendors' batches.</summary>
internal static class JsonLines
{
    public static void Append(ArrayBufferWriter<byte> buffer, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        buffer.Write("\n"u8);
    }

    /// <summary>Reads each line that is not empty.</summary>
    /// <exception cref="JsonException">A line is no JSON.</exception>
    public static async Task ReadAsync(Stream stream, Action<JsonElement> read, CancellationToken ct)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync(ct).ConfigureAwait(false) is { } line)
        {
            if (line.Length > 0)
            {
                using var document = JsonDocument.Parse(line);
                read(document.RootElement);
            }
        }
    }
}
