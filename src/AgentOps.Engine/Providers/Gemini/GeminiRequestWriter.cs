using System.Text.Json;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Gemini;

/// <summary>Writes the body of a generateContent request.</summary>
internal static class GeminiRequestWriter
{
    private static readonly MessageTurns Contents = new("contents", "model", "parts", WritePart);

    public static void Write(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteStartObject();
        var system = string.Join("\n\n", request.Messages.Where(message => message.Role == MessageRole.System).Select(message => message.TextContent));
        if (system.Length > 0)
        {
            json.WriteStartObject("systemInstruction");
            json.WriteStartArray("parts");
            WriteText(json, system, null, false);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        Contents.Write(json, ThoughtSignatures.Complete(request));
        WriteTools(json, request);
        WriteSettings(json, request);
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, MessagePart part)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(json, text.Text, text.Signature, false);
                break;
            case ReasoningPart { Redacted: false } reasoning:
                WriteText(json, reasoning.Text, reasoning.Signature, true);
                break;
            case ImagePart image:
                json.WriteStartObject();
                json.WriteStartObject("inlineData");
                json.WriteString("mimeType", image.MediaType);
                json.WriteBase64String("data", image.Data.Span);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case ToolCallPart call:
                json.WriteStartObject();
                json.WriteStartObject("functionCall");
                json.WriteString("name", call.Name);
                WriteId(json, call.Id);
                json.WritePropertyName("args");
                ToolArguments.Write(json, call.ArgumentsJson);
                json.WriteEndObject();
                WriteSignature(json, call.Signature);
                json.WriteEndObject();
                break;
            case ToolResultPart result:
                json.WriteStartObject();
                json.WriteStartObject("functionResponse");
                json.WriteString("name", result.Name);
                WriteId(json, result.CallId);
                json.WriteStartObject("response");
                json.WritePropertyName(result.IsError ? "error" : "output");
                WriteResult(json, result.Content);
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteResult(Utf8JsonWriter json, string content)
    {
        if (JsonReading.TryParse(content) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } value)
        {
            value.WriteTo(json);
        }
        else
        {
            json.WriteStringValue(content);
        }
    }

    private static void WriteText(Utf8JsonWriter json, string text, string? signature, bool thought)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        if (thought)
        {
            json.WriteBoolean("thought", true);
        }

        WriteSignature(json, signature);
        json.WriteEndObject();
    }

    private static void WriteSignature(Utf8JsonWriter json, string? signature)
    {
        if (signature is not null)
        {
            json.WriteString("thoughtSignature", signature);
        }
    }

    // An id that the vendor did not give is not told to it.
    private static void WriteId(Utf8JsonWriter json, string id)
    {
        if (!id.StartsWith(GeminiStreamReader.OwnIdPrefix, StringComparison.Ordinal))
        {
            json.WriteString("id", id);
        }
    }

    private static void WriteTools(Utf8JsonWriter json, ModelRequest request)
    {
        if (request.Tools.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools");
        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations");
        foreach (var tool in request.Tools)
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            json.WriteString("description", tool.Description);
            json.WritePropertyName("parametersJsonSchema");
            tool.InputSchema.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        if (request.ToolChoice != ToolChoice.Auto)
        {
            json.WriteStartObject("toolConfig");
            json.WriteStartObject("functionCallingConfig");
            json.WriteString("mode", request.ToolChoice == ToolChoice.Required ? "ANY" : "NONE");
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void WriteSettings(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteStartObject("generationConfig");
        json.WriteOptional("maxOutputTokens", request.MaxOutputTokens);
        json.WriteOptional("temperature", request.Temperature);
        json.WriteOptional("seed", request.Seed);
        json.WriteTexts("stopSequences", request.StopSequences);

        if (request.OutputSchema is { } schema)
        {
            json.WriteString("responseMimeType", "application/json");
            json.WritePropertyName("responseJsonSchema");
            schema.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
