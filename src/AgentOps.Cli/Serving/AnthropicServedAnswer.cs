using System.Buffers;
using System.Text.Json;
using AgentOps.Engine.Providers;

namespace AgentOps.Cli.Serving;

/// <summary>Writes an answer as Anthropic's Messages.</summary>
internal sealed class AnthropicServedAnswer(ServedCall call) : ServedAnswer
{
    private int _block = -1;
    private string? _open;

    public override void Start(IBufferWriter<byte> output)
    {
        WriteEvent(output, "message_start", json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "message_start");
            json.WritePropertyName("message");
            WriteMessage(json, static _ => { }, null, Usage.Zero);
            json.WriteEndObject();
        });
        WriteEvent(output, "ping", static json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "ping");
            json.WriteEndObject();
        });
    }

    public override void Write(IBufferWriter<byte> output, ModelEvent modelEvent)
    {
        switch (modelEvent)
        {
            case TextDelta { Text.Length: > 0 } delta:
                Open(output, "text", json => json.WriteString("text", ""));
                Delta(output, "text_delta", "text", delta.Text);
                break;
            case ReasoningDelta delta:
                Open(output, "thinking", json =>
                {
                    json.WriteString("thinking", "");
                    json.WriteString("signature", "");
                });
                Delta(output, delta.Text.Length > 0 ? "thinking_delta" : "signature_delta", delta.Text.Length > 0 ? "thinking" : "signature",
                    delta.Text.Length > 0 ? delta.Text : delta.Signature ?? "");
                break;
            case ToolCallProposed { Call: var item }:
                Close(output);
                Open(output, "tool_use", json =>
                {
                    json.WriteString("id", item.Id);
                    json.WriteString("name", item.Name);
                    json.WriteStartObject("input");
                    json.WriteEndObject();
                });
                var half = item.ArgumentsJson.Length / 2;
                Delta(output, "input_json_delta", "partial_json", "");
                Delta(output, "input_json_delta", "partial_json", item.ArgumentsJson[..half]);
                Delta(output, "input_json_delta", "partial_json", item.ArgumentsJson[half..]);
                Close(output);
                break;
            case ModelCompleted completed:
                Close(output);
                WriteEnd(output, completed);
                break;
        }
    }

    public override void WriteFault(IBufferWriter<byte> output, ProviderFault fault) =>
        WriteEvent(output, "error", json => AnthropicServed.WriteError(json, fault));

    public override void WriteWhole(IBufferWriter<byte> output, Message message, ModelCompleted completed)
    {
        using var json = new Utf8JsonWriter(output);
        WriteMessage(json, content =>
        {
            foreach (var part in message.Parts)
            {
                WritePart(content, part);
            }
        }, completed.Reason, completed.Usage);
    }

    private static void WriteEnd(IBufferWriter<byte> output, ModelCompleted completed)
    {
        WriteEvent(output, "message_delta", json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "message_delta");
            json.WriteStartObject("delta");
            json.WriteString("stop_reason", Reason(completed.Reason));
            json.WriteNull("stop_sequence");
            json.WriteEndObject();
            WriteUsage(json, completed.Usage);
            json.WriteEndObject();
        });
        WriteEvent(output, "message_stop", static json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "message_stop");
            json.WriteEndObject();
        });
    }

    private static void WritePart(Utf8JsonWriter json, MessagePart part)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("type", "text");
                json.WriteString("text", text.Text);
                break;
            case ReasoningPart reasoning:
                json.WriteString("type", "thinking");
                json.WriteString("thinking", reasoning.Text);
                json.WriteString("signature", reasoning.Signature ?? "");
                break;
            case ToolCallPart item:
                json.WriteString("type", "tool_use");
                json.WriteString("id", item.Id);
                json.WriteString("name", item.Name);
                json.WritePropertyName("input");
                Wire.Arguments(json, item.ArgumentsJson);
                break;
        }

        json.WriteEndObject();
    }

    private void WriteMessage(Utf8JsonWriter json, Action<Utf8JsonWriter> content, StopReason? reason, Usage usage)
    {
        json.WriteStartObject();
        json.WriteString("id", "msg_agentops");
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", call.Request.Model);
        json.WriteStartArray("content");
        content(json);
        json.WriteEndArray();
        json.WriteString("stop_reason", reason is { } given ? Reason(given) : null);
        json.WriteNull("stop_sequence");
        WriteUsage(json, usage);
        json.WriteEndObject();
    }

    private void Open(IBufferWriter<byte> output, string type, Action<Utf8JsonWriter> write)
    {
        if (_open == type)
        {
            return;
        }

        Close(output);
        _open = type;
        _block++;
        WriteEvent(output, "content_block_start", json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "content_block_start");
            json.WriteNumber("index", _block);
            json.WriteStartObject("content_block");
            json.WriteString("type", type);
            write(json);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (_open is null)
        {
            return;
        }

        _open = null;
        WriteEvent(output, "content_block_stop", json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "content_block_stop");
            json.WriteNumber("index", _block);
            json.WriteEndObject();
        });
    }

    private void Delta(IBufferWriter<byte> output, string type, string key, string value) => WriteEvent(output, "content_block_delta", json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "content_block_delta");
        json.WriteNumber("index", _block);
        json.WriteStartObject("delta");
        json.WriteString("type", type);
        json.WriteString(key, value);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", usage.InputTokens - usage.CachedInputTokens - usage.CacheWriteTokens);
        json.WriteNumber("cache_read_input_tokens", usage.CachedInputTokens);
        json.WriteNumber("cache_creation_input_tokens", usage.CacheWriteTokens);
        json.WriteNumber("output_tokens", usage.OutputTokens);
        json.WriteEndObject();
    }

    private static string Reason(StopReason reason) => reason switch
    {
        StopReason.ToolUse => "tool_use",
        StopReason.MaxTokens => "max_tokens",
        StopReason.Paused => "pause_turn",
        StopReason.Refusal or StopReason.ContentFilter => "refusal",
        StopReason.ContextWindowExceeded => "model_context_window_exceeded",
        _ => "end_turn",
    };
}
