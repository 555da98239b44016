using System.Buffers;
using System.Text.Json;
using AgentOps.Engine.Providers;

namespace AgentOps.Cli.Serving;

/// <summary>Writes an answer as Chat Completions.</summary>
internal sealed class OpenAIServedAnswer(ServedCall call) : ServedAnswer
{
    private const string Id = "chatcmpl-agentops";
    private int _calls;

    public override void Start(IBufferWriter<byte> output) => Chunk(output, json =>
    {
        json.WriteString("role", "assistant");
        json.WriteString("content", "");
    });

    public override void Write(IBufferWriter<byte> output, ModelEvent modelEvent)
    {
        switch (modelEvent)
        {
            case TextDelta { Text.Length: > 0 } delta:
                Chunk(output, json => json.WriteString("content", delta.Text));
                break;
            case ReasoningDelta { Text.Length: > 0 } delta:
                Chunk(output, json => json.WriteString("reasoning_content", delta.Text));
                break;
            case ToolCallProposed proposed:
                WriteCall(output, proposed.Call, _calls++);
                break;
            case ModelCompleted completed:
                Chunk(output, static _ => { }, Finish(completed.Reason));
                if (call.IncludeUsage)
                {
                    WriteEvent(output, null, json =>
                    {
                        Head(json, "chat.completion.chunk");
                        json.WriteStartArray("choices");
                        json.WriteEndArray();
                        WriteUsage(json, completed.Usage);
                        json.WriteEndObject();
                    });
                }

                output.Write("data: [DONE]\n\n"u8);
                break;
        }
    }

    public override void WriteFault(IBufferWriter<byte> output, ProviderFault fault) =>
        WriteEvent(output, null, json => OpenAIServed.WriteError(json, fault));

    public override void WriteWhole(IBufferWriter<byte> output, Message message, ModelCompleted completed)
    {
        using var json = new Utf8JsonWriter(output);
        Head(json, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        var proposed = message.Parts.OfType<ToolCallPart>().ToArray();
        if (message.TextContent.Length == 0 && proposed.Length > 0)
        {
            json.WriteNull("content");
        }
        else
        {
            json.WriteString("content", message.TextContent);
        }

        json.WriteNull("refusal");
        if (proposed.Length > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var item in proposed)
            {
                WriteCall(json, item, null, item.ArgumentsJson);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", Finish(completed.Reason));
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, completed.Usage);
        json.WriteEndObject();
    }

    // As the vendor does: id and name first, then the arguments in two pieces.
    private void WriteCall(IBufferWriter<byte> output, ToolCallPart item, int index)
    {
        Chunk(output, json =>
        {
            json.WriteStartArray("tool_calls");
            WriteCall(json, item, index, "");
            json.WriteEndArray();
        });
        var half = item.ArgumentsJson.Length / 2;
        foreach (var piece in new[] { item.ArgumentsJson[..half], item.ArgumentsJson[half..] })
        {
            Chunk(output, json =>
            {
                json.WriteStartArray("tool_calls");
                json.WriteStartObject();
                json.WriteNumber("index", index);
                json.WriteStartObject("function");
                json.WriteString("arguments", piece);
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndArray();
            });
        }
    }

    private static void WriteCall(Utf8JsonWriter json, ToolCallPart item, int? index, string arguments)
    {
        json.WriteStartObject();
        if (index is { } place)
        {
            json.WriteNumber("index", place);
        }

        json.WriteString("id", item.Id);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", item.Name);
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Chunk(IBufferWriter<byte> output, Action<Utf8JsonWriter> delta, string? finish = null) => WriteEvent(output, null, json =>
    {
        Head(json, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        delta(json);
        json.WriteEndObject();
        json.WriteString("finish_reason", finish);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private void Head(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteString("object", type);
        json.WriteNumber("created", 0);
        json.WriteString("model", call.Request.Model);
    }

    private static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.InputTokens);
        json.WriteNumber("completion_tokens", usage.OutputTokens);
        json.WriteNumber("total_tokens", usage.InputTokens + usage.OutputTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.CachedInputTokens);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Finish(StopReason reason) => reason switch
    {
        StopReason.ToolUse => "tool_calls",
        StopReason.MaxTokens or StopReason.ContextWindowExceeded => "length",
        StopReason.ContentFilter => "content_filter",
        _ => "stop",
    };
}
