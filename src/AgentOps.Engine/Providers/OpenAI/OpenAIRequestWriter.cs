using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.OpenAI;

/// <summary>Writes the body of a Chat Completions request.</summary>
/// <param name="newLimit">Write the limit as <c>max_completion_tokens</c> instead of <c>max_tokens</c>.</param>
internal sealed class OpenAIRequestWriter(bool newLimit)
{
    public void Write(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteStartObject();
        json.WriteString("model", request.Model);
        json.WriteStartArray("messages");
        foreach (var message in request.Messages)
        {
            WriteMessage(json, message);
        }

        json.WriteEndArray();
        WriteTools(json, request);
        WriteSettings(json, request);
        if (request.Stream)
        {
            json.WriteBoolean("stream", true);
            json.WriteStartObject("stream_options");
            json.WriteBoolean("include_usage", true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteSettings(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteOptional(newLimit ? "max_completion_tokens" : "max_tokens", request.MaxOutputTokens);
        json.WriteOptional("temperature", request.Temperature);
        json.WriteOptional("seed", request.Seed);
        json.WriteTexts("stop", request.StopSequences);

        if (request.OutputSchema is { } schema)
        {
            json.WriteStartObject("response_format");
            json.WriteString("type", "json_schema");
            json.WriteStartObject("json_schema");
            json.WriteString("name", "answer");
            json.WriteBoolean("strict", StrictSchema.Fits(schema));
            json.WritePropertyName("schema");
            schema.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
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
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", tool.Name);
            json.WriteString("description", tool.Description);
            json.WritePropertyName("parameters");
            tool.InputSchema.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (request.ToolChoice != ToolChoice.Auto)
        {
            json.WriteString("tool_choice", request.ToolChoice == ToolChoice.Required ? "required" : "none");
        }
    }

    private static void WriteMessage(Utf8JsonWriter json, Message message)
    {
        // Each tool result is a message of its own.
        foreach (var result in message.Parts.OfType<ToolResultPart>())
        {
            json.WriteStartObject();
            json.WriteString("role", "tool");
            json.WriteString("tool_call_id", result.CallId);
            json.WriteString("content", result.Content);
            json.WriteEndObject();
        }

        var isTool = message.Role == MessageRole.Tool;
        if (isTool && !message.Parts.Any(part => part is TextPart or ImagePart))
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("role", message.Role switch
        {
            MessageRole.System => "system",
            MessageRole.Assistant => "assistant",
            _ => "user",
        });
        WriteContent(json, message);
        WriteToolCalls(json, message);
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, Message message)
    {
        if (!message.Parts.Any(part => part is ImagePart))
        {
            var text = message.TextContent;
            if (text.Length == 0 && message.Parts.Any(part => part is ToolCallPart))
            {
                json.WriteNull("content");
            }
            else
            {
                json.WriteString("content", text);
            }

            return;
        }

        json.WriteStartArray("content");
        foreach (var part in message.Parts)
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
                    json.WriteString("type", "image_url");
                    json.WriteStartObject("image_url");
                    json.WriteString("url", $"data:{image.MediaType};base64,{Convert.ToBase64String(image.Data.Span)}");
                    json.WriteEndObject();
                    json.WriteEndObject();
                    break;
            }
        }

        json.WriteEndArray();
    }

    private static void WriteToolCalls(Utf8JsonWriter json, Message message)
    {
        if (!message.Parts.Any(part => part is ToolCallPart))
        {
            return;
        }

        json.WriteStartArray("tool_calls");
        foreach (var call in message.Parts.OfType<ToolCallPart>())
        {
            json.WriteStartObject();
            json.WriteString("id", call.Id);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.ArgumentsJson);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
