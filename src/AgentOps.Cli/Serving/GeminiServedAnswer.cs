using System.Buffers;
using System.Text.Json;
using AgentOps.Engine.Providers;

namespace AgentOps.Cli.Serving;

/// <summary>Writes an answer as generateContent.</summary>
internal sealed class GeminiServedAnswer(ServedCall call) : ServedAnswer
{
    public override void Write(IBufferWriter<byte> output, ModelEvent modelEvent)
    {
        switch (modelEvent)
        {
            case TextDelta delta:
                Chunk(output, json => WriteText(json, delta.Text, false, delta.Signature));
                break;
            case ReasoningDelta delta:
                Chunk(output, json => WriteText(json, delta.Text, true, delta.Signature));
                break;
            case ToolCallProposed { Call: var item }:
                Chunk(output, json => WriteCall(json, item));
                break;
            case ModelCompleted completed:
                Chunk(output, json => WriteText(json, "", false, null), completed);
                break;
        }
    }

    public override void WriteFault(IBufferWriter<byte> output, ProviderFault fault) =>
        WriteEvent(output, null, json => GeminiServed.WriteError(json, fault, ServedStatus.Of(fault.Kind)));

    public override void WriteWhole(IBufferWriter<byte> output, Message message, ModelCompleted completed)
    {
        using var json = new Utf8JsonWriter(output);
        WriteBody(json, content =>
        {
            foreach (var part in message.Parts)
            {
                switch (part)
                {
                    case TextPart text:
                        WriteText(content, text.Text, false, text.Signature);
                        break;
                    case ReasoningPart reasoning:
                        WriteText(content, reasoning.Text, true, reasoning.Signature);
                        break;
                    case ToolCallPart item:
                        WriteCall(content, item);
                        break;
                }
            }
        }, completed);
    }

    private void Chunk(IBufferWriter<byte> output, Action<Utf8JsonWriter> part, ModelCompleted? completed = null) =>
        WriteEvent(output, null, json => WriteBody(json, part, completed));

    private void WriteBody(Utf8JsonWriter json, Action<Utf8JsonWriter> parts, ModelCompleted? completed)
    {
        json.WriteStartObject();
        json.WriteStartArray("candidates");
        json.WriteStartObject();
        json.WriteStartObject("content");
        json.WriteStartArray("parts");
        parts(json);
        json.WriteEndArray();
        json.WriteString("role", "model");
        json.WriteEndObject();
        if (completed is not null)
        {
            json.WriteString("finishReason", completed.Reason switch
            {
                StopReason.MaxTokens or StopReason.ContextWindowExceeded => "MAX_TOKENS",
                StopReason.ContentFilter or StopReason.Refusal => "SAFETY",
                StopReason.Malformed => "MALFORMED_FUNCTION_CALL",
                _ => "STOP",
            });
        }

        json.WriteNumber("index", 0);
        json.WriteEndObject();
        json.WriteEndArray();
        if (completed is not null)
        {
            json.WriteStartObject("usageMetadata");
            json.WriteNumber("promptTokenCount", completed.Usage.InputTokens);
            json.WriteNumber("candidatesTokenCount", completed.Usage.OutputTokens - completed.Usage.ReasoningTokens);
            json.WriteNumber("thoughtsTokenCount", completed.Usage.ReasoningTokens);
            json.WriteNumber("cachedContentTokenCount", completed.Usage.CachedInputTokens);
            json.WriteNumber("totalTokenCount", completed.Usage.InputTokens + completed.Usage.OutputTokens);
            json.WriteEndObject();
        }

        json.WriteString("modelVersion", call.Request.Model);
        json.WriteString("responseId", "agentops");
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string text, bool thought, string? signature)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        if (thought)
        {
            json.WriteBoolean("thought", true);
        }

        if (signature is not null)
        {
            json.WriteString("thoughtSignature", signature);
        }

        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, ToolCallPart item)
    {
        json.WriteStartObject();
        json.WriteStartObject("functionCall");
        json.WriteString("id", item.Id);
        json.WriteString("name", item.Name);
        json.WritePropertyName("args");
        Wire.Arguments(json, item.ArgumentsJson);
        json.WriteEndObject();
        json.WriteString("thoughtSignature", "YWdlbnRvcHM=");
        json.WriteEndObject();
    }
}
