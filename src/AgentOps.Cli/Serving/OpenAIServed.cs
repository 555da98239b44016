using System.Text.Json;
using AgentOps.Engine.Providers;
using Microsoft.AspNetCore.Http;

namespace AgentOps.Cli.Serving;

/// <summary>OpenAI's Chat Completions.</summary>
internal sealed class OpenAIServed : IServedProtocol
{
    public string StreamType => "text/event-stream";

    public ServedCall Read(JsonElement body, string? model, bool? stream)
    {
        var messages = new List<Message>();
        foreach (var message in Wire.Items(body, "messages"))
        {
            messages.Add(ReadMessage(message, messages));
        }

        if (messages.Count == 0)
        {
            throw Wire.Invalid("'messages' is missing or empty.");
        }

        var format = Wire.Member(body, "response_format");
        return new ServedCall(
            new ModelRequest
            {
                Model = Wire.Text(body, "model") ?? model ?? throw Wire.Invalid("'model' is missing."),
                Messages = messages,
                Tools = [.. Wire.Items(body, "tools").Select(ReadTool).OfType<ModelTool>()],
                ToolChoice = Wire.Text(body, "tool_choice") switch { "required" => ToolChoice.Required, "none" => ToolChoice.None, _ => ToolChoice.Auto },
                MaxOutputTokens = Wire.Integer(body, "max_completion_tokens", "max_tokens"),
                Temperature = Wire.Decimal(body, "temperature"),
                Seed = Wire.Integer(body, "seed"),
                StopSequences = Wire.Texts(body, "stop"),
                OutputSchema = format is { } given && Wire.Member(given, "json_schema") is { } schema
                    ? Wire.Schema(Wire.Member(schema, "schema"))
                    : null,
                Stream = Wire.Flag(body, "stream"),
            },
            Wire.Member(body, "stream_options") is { } options && Wire.Flag(options, "include_usage"));
    }

    public ServedAnswer Begin(ServedCall call) => new OpenAIServedAnswer(call);

    public int StatusOf(ProviderFault fault) => fault.Status ?? ServedStatus.Of(fault.Kind);

    public void WriteError(HttpResponse response, ProviderFault fault)
    {
        using var json = new Utf8JsonWriter(response.BodyWriter);
        WriteError(json, fault);
    }

    internal static void WriteError(Utf8JsonWriter json, ProviderFault fault)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", fault.Detail);
        var (type, code) = fault.Kind switch
        {
            FaultKind.QuotaExhausted => ("insufficient_quota", "insufficient_quota"),
            FaultKind.RateLimited => ("requests", "rate_limit_exceeded"),
            FaultKind.Authentication => ("invalid_request_error", "invalid_api_key"),
            FaultKind.Forbidden => ("invalid_request_error", "insufficient_permissions"),
            FaultKind.ContextTooLong => ("invalid_request_error", "context_length_exceeded"),
            FaultKind.ContentFiltered => ("invalid_request_error", "content_filter"),
            FaultKind.ModelNotFound => ("invalid_request_error", "model_not_found"),
            FaultKind.InvalidRequest => ("invalid_request_error", null),
            _ => ("server_error", "server_error"),
        };
        json.WriteString("type", type);
        json.WriteNull("param");
        json.WriteString("code", code);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static ModelTool? ReadTool(JsonElement tool) => Wire.Member(tool, "function") is { } function && Wire.Text(function, "name") is { } name
        ? new ModelTool(name, Wire.Text(function, "description") ?? "", Wire.Schema(Wire.Member(function, "parameters")))
        : null;

    private static Message ReadMessage(JsonElement message, List<Message> before)
    {
        var parts = new List<MessagePart>();
        if (Wire.Text(message, "role") == "tool")
        {
            var id = Wire.Text(message, "tool_call_id") ?? "";
            var content = string.Concat(ReadContent(message).OfType<TextPart>().Select(part => part.Text));
            return new Message(MessageRole.Tool, [new ToolResultPart(id, Wire.ToolName(before, id), content, false)]);
        }

        parts.AddRange(ReadContent(message));
        foreach (var call in Wire.Items(message, "tool_calls"))
        {
            if (Wire.Member(call, "function") is { } function)
            {
                parts.Add(new ToolCallPart(
                    Wire.Text(call, "id") ?? "", Wire.Text(function, "name") ?? "", Wire.Text(function, "arguments") ?? "{}"));
            }
        }

        return new Message(
            Wire.Text(message, "role") switch
            {
                "system" or "developer" => MessageRole.System,
                "assistant" => MessageRole.Assistant,
                "user" => MessageRole.User,
                var other => throw Wire.Invalid($"The role '{other}' is unknown."),
            },
            parts);
    }

    private static IEnumerable<MessagePart> ReadContent(JsonElement message)
    {
        if (Wire.Text(message, "content") is { } text)
        {
            yield return new TextPart(text);
        }

        foreach (var part in Wire.Items(message, "content"))
        {
            if (Wire.Text(part, "text") is { } piece)
            {
                yield return new TextPart(piece);
            }
            else if (Wire.Member(part, "image_url") is { } image && Wire.Text(image, "url") is { } url
                && url.StartsWith("data:", StringComparison.Ordinal) && url.IndexOf(";base64,", StringComparison.Ordinal) is > 0 and var comma)
            {
                yield return Wire.Image(url[5..comma], url[(comma + 8)..]);
            }
        }
    }
}
