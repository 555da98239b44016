using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Anthropic;

/// <summary>Writes the body of a Messages request.</summary>
/// <param name="maximum">The limit that the vendor demands where the request has none.</param>
internal sealed class AnthropicRequestWriter(int maximum)
{
    private static readonly MessageTurns Messages = new("messages", "assistant", "content", WritePart);

    public void Write(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteStartObject();
        json.WriteString("model", request.Model);
        json.WriteNumber("max_tokens", request.MaxOutputTokens ?? maximum);
        var system = string.Join("\n\n", request.Messages.Where(message => message.Role == MessageRole.System).Select(message => message.TextContent));
        if (system.Length > 0)
        {
            json.WriteString("system", system);
        }

        Messages.Write(json, request);
        WriteTools(json, request);
        json.WriteOptional("temperature", request.Temperature);
        json.WriteTexts("stop_sequences", request.StopSequences);

        if (request.OutputSchema is { } schema)
        {
            json.WriteStartObject("output_config");
            json.WriteStartObject("format");
            json.WriteString("type", "json_schema");
            json.WritePropertyName("schema");
            schema.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (request.Stream)
        {
            json.WriteBoolean("stream", true);
        }

        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, MessagePart part)
    {
        switch (part)
        {
            case TextPart text:
                json.WriteStartObject();
                json.WriteString("type", "text");
                json.WriteString("text", text.Text);
                json.WriteEndObject();
                break;
            case ImagePart image:
                json.WriteStartObject();
                json.WriteString("type", "image");
                json.WriteStartObject("source");
                json.WriteString("type", "base64");
                json.WriteString("media_type", image.MediaType);
                json.WriteBase64String("data", image.Data.Span);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case ReasoningPart reasoning:
                json.WriteStartObject();
                json.WriteString("type", reasoning.Redacted ? "redacted_thinking" : "thinking");
                if (!reasoning.Redacted)
                {
                    json.WriteString("thinking", reasoning.Text);
                }

                json.WriteString(reasoning.Redacted ? "data" : "signature", reasoning.Signature);
                json.WriteEndObject();
                break;
            case ToolCallPart call:
                json.WriteStartObject();
                json.WriteString("type", "tool_use");
                json.WriteString("id", CallIds.Plain(call.Id));
                json.WriteString("name", call.Name);
                json.WritePropertyName("input");
                ToolArguments.Write(json, call.ArgumentsJson);
                json.WriteEndObject();
                break;
            case ToolResultPart result:
                json.WriteStartObject();
                json.WriteString("type", "tool_result");
                json.WriteString("tool_use_id", CallIds.Plain(result.CallId));
                json.WriteString("content", result.Content);
                if (result.IsError)
                {
                    json.WriteBoolean("is_error", true);
                }

                json.WriteEndObject();
                break;
        }
    }

    private static void WriteTools(Utf8JsonWriter json, ModelRequest request)
    {
        if (request.Tools.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools");
        foreach (var tool in request.Tools)
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            json.WriteString("description", tool.Description);
            json.WritePropertyName("input_schema");
            tool.InputSchema.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (request.ToolChoice != ToolChoice.Auto)
        {
            json.WriteStartObject("tool_choice");
            json.WriteString("type", request.ToolChoice == ToolChoice.Required ? "any" : "none");
            json.WriteEndObject();
        }
    }
}
