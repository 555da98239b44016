using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Providers;

/// <summary>The JSON form of messages: stable, because sessions are stored in it.</summary>
internal static class MessageJson
{
    public static JsonObject Write(Message message)
    {
        var parts = new JsonArray();
        foreach (var part in message.Parts)
        {
            parts.Add((JsonNode)Write(part));
        }

        return new JsonObject { ["role"] = RoleName(message.Role), ["parts"] = parts };
    }

    public static Message Read(JsonElement element)
    {
        var role = Required(element, "role") switch
        {
            "system" => MessageRole.System,
            "user" => MessageRole.User,
            "assistant" => MessageRole.Assistant,
            "tool" => MessageRole.Tool,
            var other => throw Malformed($"the role '{other}' is unknown"),
        };
        if (!element.TryGetProperty("parts", out var parts) || parts.ValueKind != JsonValueKind.Array)
        {
            throw Malformed("'parts' is missing or no array");
        }

        return new Message(role, [.. parts.EnumerateArray().Select(ReadPart)]);
    }

    private static JsonObject Write(MessagePart part)
    {
        JsonObject json = part switch
        {
            TextPart text => new() { ["type"] = "text", ["text"] = text.Text },
            ImagePart image => new()
            {
                ["type"] = "image",
                ["mediaType"] = image.MediaType,
                ["data"] = Convert.ToBase64String(image.Data.Span),
            },
            ReasoningPart reasoning => new() { ["type"] = "reasoning", ["text"] = reasoning.Text },
            ToolCallPart call => new()
            {
                ["type"] = "toolCall",
                ["id"] = call.Id,
                ["name"] = call.Name,
                ["arguments"] = call.ArgumentsJson,
            },
            ToolResultPart result => new()
            {
                ["type"] = "toolResult",
                ["callId"] = result.CallId,
                ["name"] = result.Name,
                ["content"] = result.Content,
                ["isError"] = result.IsError,
            },
            _ => throw new InvalidOperationException($"No JSON form for {part.GetType().Name}."),
        };
        if (part.Signature is { } signature)
        {
            json["signature"] = signature;
        }

        if (part is ReasoningPart { Redacted: true })
        {
            json["redacted"] = true;
        }

        return json;
    }

    private static MessagePart ReadPart(JsonElement element)
    {
        var signature = element.Text("signature");
        return Required(element, "type") switch
        {
            "text" => new TextPart(Required(element, "text")) { Signature = signature },
            "image" => new ImagePart(Required(element, "mediaType"), Base64(Required(element, "data"))),
            "reasoning" => new ReasoningPart(Required(element, "text"), signature) { Redacted = element.Flag("redacted") },
            "toolCall" => new ToolCallPart(Required(element, "id"), Required(element, "name"), Required(element, "arguments"))
            {
                Signature = signature,
            },
            "toolResult" => new ToolResultPart(
                Required(element, "callId"), Required(element, "name"), Required(element, "content"), element.Flag("isError")),
            var other => throw Malformed($"the part type '{other}' is unknown"),
        };
    }

    private static byte[] Base64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw Malformed("an image's data is not base64");
        }
    }

    private static string RoleName(MessageRole role) => role switch
    {
        MessageRole.System => "system",
        MessageRole.User => "user",
        MessageRole.Assistant => "assistant",
        _ => "tool",
    };

    private static string Required(JsonElement element, string name) =>
        element.Text(name) ?? throw Malformed($"'{name}' is missing or no text");

    private static AgentOpsException Malformed(string what) =>
        new(ErrorCodes.MessageMalformed, $"A message is malformed: {what}.");
}
