using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Bedrock;

/// <summary>Writes the body of a Converse request.</summary>
internal static class BedrockRequestWriter
{
    // Text without a visible character is refused, and a result without any content by some models.
    private const string NoOutput = "(no output)";

    private static readonly MessageTurns Messages = new("messages", "assistant", "content", WritePart);

    public static void Write(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteStartObject();
        Messages.Write(json, request);
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
        json.WriteOptional("maxTokens", request.MaxOutputTokens);
        json.WriteOptional("temperature", request.Temperature);
        json.WriteTexts("stopSequences", request.StopSequences);
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, MessagePart part)
    {
        switch (part)
        {
            case TextPart text:
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
            case ReasoningPart reasoning:
                WriteReasoning(json, reasoning);
                break;
            case ToolCallPart call:
                json.WriteStartObject();
                json.WriteStartObject("toolUse");
                json.WriteString("toolUseId", CallIds.Plain(call.Id));
                json.WriteString("name", call.Name);
                json.WritePropertyName("input");
                ToolArguments.Write(json, call.ArgumentsJson);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case ToolResultPart result:
                json.WriteStartObject();
                json.WriteStartObject("toolResult");
                json.WriteString("toolUseId", CallIds.Plain(result.CallId));
                json.WriteStartArray("content");
                WriteText(json, string.IsNullOrWhiteSpace(result.Content) ? NoOutput : result.Content);
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
