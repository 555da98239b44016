using System.Buffers;
using System.Text.Json;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Bedrock;

namespace AgentOps.Cli.Serving;

/// <summary>Writes an answer as Converse, or as ConverseStream's frames.</summary>
internal sealed class BedrockServedAnswer : ServedAnswer
{
    private int _block = -1;
    private string? _open;

    public override void Start(IBufferWriter<byte> output) => Frame(output, "messageStart", static json => json.WriteString("role", "assistant"));

    public override void Write(IBufferWriter<byte> output, ModelEvent modelEvent)
    {
        switch (modelEvent)
        {
            case TextDelta { Text.Length: > 0 } delta:
                Open(output, "text");
                Delta(output, json => json.WriteString("text", delta.Text));
                break;
            case ReasoningDelta delta:
                Open(output, "reasoning");
                Delta(output, json =>
                {
                    json.WriteStartObject("reasoningContent");
                    json.WriteString(delta.Text.Length > 0 ? "text" : "signature", delta.Text.Length > 0 ? delta.Text : delta.Signature ?? "");
                    json.WriteEndObject();
                });
                break;
            case ToolCallProposed { Call: var item }:
                WriteCall(output, item);
                break;
            case ModelCompleted completed:
                Close(output);
                Frame(output, "messageStop", json => json.WriteString("stopReason", Reason(completed.Reason)));
                Frame(output, "metadata", json => WriteUsage(json, completed.Usage));
                break;
        }
    }

    public override void WriteFault(IBufferWriter<byte> output, ProviderFault fault)
    {
        var name = BedrockServed.Name(fault.Kind);
        var headers = new Dictionary<string, string>
        {
            [":exception-type"] = char.ToLowerInvariant(name[0]) + name[1..],
            [":content-type"] = "application/json",
            [":message-type"] = "exception",
        };
        output.Write(new EventStreamMessage(headers, Payload(json => json.WriteString("message", fault.Detail))).Encode());
    }

    public override void WriteWhole(IBufferWriter<byte> output, Message message, ModelCompleted completed)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteStartObject("output");
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteStartArray("content");
        foreach (var part in message.Parts)
        {
            json.WriteStartObject();
            switch (part)
            {
                case TextPart text:
                    json.WriteString("text", text.Text);
                    break;
                case ToolCallPart item:
                    json.WriteStartObject("toolUse");
                    json.WriteString("toolUseId", item.Id);
                    json.WriteString("name", item.Name);
                    json.WritePropertyName("input");
                    Wire.Arguments(json, item.ArgumentsJson);
                    json.WriteEndObject();
                    break;
                case ReasoningPart reasoning:
                    json.WriteStartObject("reasoningContent");
                    json.WriteStartObject("reasoningText");
                    json.WriteString("text", reasoning.Text);
                    json.WriteEndObject();
                    json.WriteEndObject();
                    break;
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("stopReason", Reason(completed.Reason));
        WriteUsage(json, completed.Usage);
        json.WriteEndObject();
    }

    private void WriteCall(IBufferWriter<byte> output, ToolCallPart item)
    {
        Close(output);
        _block++;
        _open = "tool";
        Frame(output, "contentBlockStart", json =>
        {
            json.WriteStartObject("start");
            json.WriteStartObject("toolUse");
            json.WriteString("toolUseId", item.Id);
            json.WriteString("name", item.Name);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteNumber("contentBlockIndex", _block);
        });
        var half = item.ArgumentsJson.Length / 2;
        foreach (var piece in new[] { item.ArgumentsJson[..half], item.ArgumentsJson[half..] })
        {
            Delta(output, json =>
            {
                json.WriteStartObject("toolUse");
                json.WriteString("input", piece);
                json.WriteEndObject();
            });
        }

        Close(output);
    }

    private void Open(IBufferWriter<byte> output, string type)
    {
        if (_open != type)
        {
            Close(output);
            _open = type;
            _block++;
        }
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (_open is not null)
        {
            _open = null;
            Frame(output, "contentBlockStop", json => json.WriteNumber("contentBlockIndex", _block));
        }
    }

    private void Delta(IBufferWriter<byte> output, Action<Utf8JsonWriter> write) => Frame(output, "contentBlockDelta", json =>
    {
        json.WriteStartObject("delta");
        write(json);
        json.WriteEndObject();
        json.WriteNumber("contentBlockIndex", _block);
    });

    private static void Frame(IBufferWriter<byte> output, string type, Action<Utf8JsonWriter> write)
    {
        var headers = new Dictionary<string, string>
        {
            [":event-type"] = type,
            [":content-type"] = "application/json",
            [":message-type"] = "event",
        };
        output.Write(new EventStreamMessage(headers, Payload(write)).Encode());
    }

    private static ReadOnlyMemory<byte> Payload(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("inputTokens", usage.InputTokens - usage.CachedInputTokens - usage.CacheWriteTokens);
        json.WriteNumber("outputTokens", usage.OutputTokens);
        json.WriteNumber("totalTokens", usage.InputTokens + usage.OutputTokens);
        json.WriteNumber("cacheReadInputTokens", usage.CachedInputTokens);
        json.WriteNumber("cacheWriteInputTokens", usage.CacheWriteTokens);
        json.WriteEndObject();
        json.WriteStartObject("metrics");
        json.WriteNumber("latencyMs", 0);
        json.WriteEndObject();
    }

    private static string Reason(StopReason reason) => reason switch
    {
        StopReason.ToolUse => "tool_use",
        StopReason.MaxTokens => "max_tokens",
        StopReason.ContentFilter or StopReason.Refusal => "content_filtered",
        StopReason.Malformed => "malformed_tool_use",
        StopReason.ContextWindowExceeded => "model_context_window_exceeded",
        _ => "end_turn",
    };
}
