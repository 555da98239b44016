using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace AgentOps.Engine.Providers.Http;

/// <summary>Writes request bodies and reads answers without a detour through text.</summary>
internal static class JsonBody
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>The whole answer.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static async Task<JsonElement> ReadAsync(Stream body, CancellationToken ct)
    {
        using var document = await JsonDocument.ParseAsync(body, default, ct).ConfigureAwait(false);
        return document.RootElement.Clone();
    }

    /// <summary>An object without members.</summary>
    public static ByteArrayContent Empty() => Create(static json =>
    {
        json.WriteStartObject();
        json.WriteEndObject();
    });

    public static ByteArrayContent Create(Action<Utf8JsonWriter> write) => Create(write, out _);

    public static ByteArrayContent Create(Action<Utf8JsonWriter> write, out ReadOnlyMemory<byte> body)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        var bytes = buffer.WrittenSpan.ToArray();
        body = bytes;
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = Json;
        return content;
    }
}
