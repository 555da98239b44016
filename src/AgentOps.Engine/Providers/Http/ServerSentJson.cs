using System.Text.Json;

namespace AgentOps.Engine.Providers.Http;

/// <summary>Reads the data of one server-sent event.</summary>
internal static class ServerSentJson
{
    /// <summary>The JSON; null for the <c>[DONE]</c> that ends some vendors' streams.</summary>
    /// <exception cref="JsonException">It is neither.</exception>
    public static JsonElement? Parse(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            return null;
        }

        var reader = new Utf8JsonReader(data);
        return JsonElement.ParseValue(ref reader);
    }
}
