using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Cli.Serving;

/// <summary>Answers one request of a batch: the protocol's own answer to it, or the fault.</summary>
internal static class BatchAnswering
{
    /// <summary>The answer's JSON, or the fault.</summary>
    /// <param name="source">Answers.</param>
    /// <param name="protocol">The form of both.</param>
    /// <param name="body">The request.</param>
    /// <param name="ct">Stops it.</param>
    /// <param name="model">The model, where the request itself doesn't name it.</param>
    public static async Task<(string? Answer, ProviderFault? Fault)> AnswerAsync(
        ServedSource source, IServedProtocol protocol, JsonElement body, CancellationToken ct, string? model = null)
    {
        try
        {
            var call = protocol.Read(body, model, false);
            call = call with { Request = call.Request with { Stream = false } };
            var message = new AssistantMessageBuilder();
            await foreach (var modelEvent in source.AnswerAsync(call.Request, ct))
            {
                message.Add(modelEvent);
            }

            var buffer = new ArrayBufferWriter<byte>();
            protocol.Begin(call).WriteWhole(buffer, message.Build(), message.Completed!);
            return (Encoding.UTF8.GetString(buffer.WrittenSpan), null);
        }
        catch (ProviderFaultException exception)
        {
            return (null, exception.Fault);
        }
        catch (Exception exception) when (exception is AgentOpsException or JsonException or FormatException)
        {
            return (null, new ProviderFault(FaultKind.InvalidRequest, "agentops", exception.Message));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whoever waits for the batch waits for its end.
            return (null, new ProviderFault(FaultKind.ServerError, "agentops", $"The server failed: {exception.Message}"));
        }
    }

    /// <summary>Writes JSON as one line of text.</summary>
    public static string Line(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
