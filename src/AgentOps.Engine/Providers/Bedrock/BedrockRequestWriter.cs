using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Bedrock;

/// <summary>Writes the body of a Converse request.</summary>
internal static class BedrockRequestWriter
{
    public static void Write(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteStartObject();
        WriteMessages(json, request);
        var systems = request.Messages.Where(message => message.Role == MessageRole.System && message.TextContent.Length > 0).ToArray();
        if (systems.Length > 0)
        {
            json.WriteStartArray("system");
            foreach (var system in systems)
            {
                WriteText(json, system.TextContent);
            }

            json.WriteEndArray();
        }

        WriteSettings(json, request);
        WriteTools(json, request);
        if (request.OutputSchema is { } schema)
        {
            json.WriteStartObject("outputConfig");
            json.WriteStartObject("textFormat");
            json.WriteString("type", "json_schema");
            json.WriteStartObject("structure");
            json.WriteStartObject("jsonSchema");
            json.WriteString("schema", schema.ToJsonString());
            json.WriteString("name", "answer");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteStartObject("inferenceConfig");
        if (request.MaxOutputTokens is { } limit)
        {
            json.WriteNumber("maxTokens", limit);
        }

        if (request.Temperature is { } temperature)
        {
            json.WriteNumber("temperature", temperature);
        }

        if (request.StopSequences.Count > 0)
        {
            json.WriteStartArray("stopSequences");
            foreach (var stop in request.StopSequences)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        if (request.ReasoningTokens is > 0 and var thinking && request.Model.Contains("anthropic.", StringComparison.Ordinal))
        {
            json.WriteStartObject("additionalModelRequestFields");
            json.WriteStartObject("thinking");
            json.WriteString("type", "enabled");
            json.WriteNumber("budget_tokens", Math.Max(1024, thinking));
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

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
                WriteText(json, text.Text);
                break;
            case ImagePart image:
                json.WriteStartObject();
                json.WriteStartObject("image");
                json.WriteString("format", image.MediaType.Split('/')[^1]);
                json.WriteStartObject("source");
                json.WriteBase64String("bytes", image.Data.Span);
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case ReasoningPart { Signature: not null } reasoning:
                WriteReasoning(json, reasoning);
                break;
            case ToolCallPart call:
                json.WriteStartObject();
                json.WriteStartObject("toolUse");
                json.WriteString("toolUseId", call.Id);
                json.WriteString("name", call.Name);
                json.WritePropertyName("input");
                ToolArguments.Write(json, call.ArgumentsJson);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case ToolResultPart result:
                json.WriteStartObject();
                json.WriteStartObject("toolResult");
                json.WriteString("toolUseId", result.CallId);
                json.WriteStartArray("content");
                WriteText(json, result.Content);
                json.WriteEndArray();
                json.WriteString("status", result.IsError ? "error" : "success");
                json.WriteEndObject();
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteReasoning(Utf8JsonWriter json, ReasoningPart reasoning)
    {
        json.WriteStartObject();
        json.WriteStartObject("reasoningContent");
        if (reasoning.Redacted)
        {
            json.WriteString("redactedContent", reasoning.Signature);
        }
        else
        {
            json.WriteStartObject("reasoningText");
            json.WriteString("text", reasoning.Text);
            json.WriteString("signature", reasoning.Signature);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json, ModelRequest request)
    {
        // The protocol has no word for "no calls": without tools there are none.
        if (request.Tools.Count == 0 || request.ToolChoice == ToolChoice.None)
        {
            return;
        }

        json.WriteStartObject("toolConfig");
        json.WriteStartArray("tools");
        foreach (var tool in request.Tools)
        {
            json.WriteStartObject();
            json.WriteStartObject("toolSpec");
            json.WriteString("name", tool.Name);
            if (tool.Description.Length > 0)
            {
                json.WriteString("description", tool.Description);
            }

            json.WriteStartObject("inputSchema");
            json.WritePropertyName("json");
            tool.InputSchema.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (request.ToolChoice == ToolChoice.Required)
        {
            json.WriteStartObject("toolChoice");
            json.WriteStartObject("any");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
