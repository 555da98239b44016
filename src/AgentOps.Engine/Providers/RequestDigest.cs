using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace AgentOps.Engine.Providers;

/// <summary>What identifies a request: all that can change the answer, and nothing else (no session, no agent).</summary>
internal static class RequestDigest
{
    /// <summary>SHA-256 over a canonical form, in hexadecimal.</summary>
    public static string Compute(ModelRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            json.WriteStringValue(request.Model);
            foreach (var message in request.Messages)
            {
                message.ToJson().WriteTo(json);
            }

            json.WriteStartArray();
            foreach (var tool in request.Tools)
            {
                json.WriteStringValue(tool.Name);
                json.WriteStringValue(tool.Description);
                tool.InputSchema.WriteTo(json);
            }

            json.WriteEndArray();
            json.WriteNumberValue((int)request.ToolChoice);
            Write(json, request.MaxOutputTokens);
            Write(json, request.Temperature);
            Write(json, request.Seed);
            // Once a bound on reasoning; recordings were named with it.
            json.WriteNullValue();
            foreach (var stop in request.StopSequences)
            {
                json.WriteStringValue(stop);
            }

            if (request.OutputSchema is { } schema)
            {
                schema.WriteTo(json);
            }

            json.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter json, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
