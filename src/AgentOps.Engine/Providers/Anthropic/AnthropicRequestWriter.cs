using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Anthropic;

/// <summary>Writes the body of a Messages request.</summary>
/// <param name="maximum">The limit that the vendor demands where the request has none.</param>
internal sealed class AnthropicRequestWriter(int maximum)
{
    private const int LeastThinking = 1024;

    public void Write(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteStartObject();
        json.WriteString("model", request.Model);
        WriteLimits(json, request);
        var system = string.Join("\n\n", request.Messages.Where(message => message.Role == MessageRole.System).Select(message => message.TextContent));
        if (system.Length > 0)
        {
            json.WriteString("system", system);
        }

        WriteMessages(json, request);
        WriteTools(json, request);
        if (request.Temperature is { } temperature)
        {
            json.WriteNumber("temperature", temperature);
        }

        if (request.StopSequences.Count > 0)
        {
            json.WriteStartArray("stop_sequences");
            foreach (var stop in request.StopSequences)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

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

    private void WriteLimits(Utf8JsonWriter json, ModelRequest request)
    {
        var limit = request.MaxOutputTokens ?? maximum;
        if (request.ReasoningTokens is >= LeastThinking and var thinking)
        {
            // The limit covers thinking, too, and must lie above it.
            limit = request.MaxOutputTokens ?? Math.Max(limit, thinking + maximum);
            json.WriteStartObject("thinking");
            json.WriteString("type", "enabled");
            json.WriteNumber("budget_tokens", Math.Max(LeastThinking, Math.Min(thinking, limit - 1)));
            json.WriteEndObject();
        }
        else if (request.ReasoningTokens == 0)
        {
            json.WriteStartObject("thinking");
            json.WriteString("type", "disabled");
            json.WriteEndObject();
        }

        json.WriteNumber("max_tokens", limit);
    }

    // Roles alternate, and all results of one turn belong into one user message: neighbours of one role are joined.
    private static void WriteMessages(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteStartArray("messages");
        var open = (string?)null;
        foreach (var message in request.Messages.Where(message => message.Role != MessageRole.System && message.Parts.Count > 0))
        {
            var role = message.Role == MessageRole.Assistant ? "assistant" : "user";
            if (role != open)
            {
                if (open is not null)
                {
                    json.WriteEndArray();
                    json.WriteEndObject();
                }

                json.WriteStartObject();
                json.WriteString("role", role);
                json.WriteStartArray("content");
                open = role;
            }

            foreach (var part in message.Parts)
            {
                WritePart(json, part);
            }
        }

        if (open is not null)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePart(Utf8JsonWriter json, MessagePart part)
    {
        switch (part)
        {
            case TextPart { Text.Length: > 0 } text:
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
            case ReasoningPart { Signature: not null } reasoning:
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
                json.WriteString("id", call.Id);
                json.WriteString("name", call.Name);
                json.WritePropertyName("input");
                ToolArguments.Write(json, call.ArgumentsJson);
                json.WriteEndObject();
                break;
            case ToolResultPart result:
                json.WriteStartObject();
                json.WriteString("type", "tool_result");
                json.WriteString("tool_use_id", result.CallId);
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
