using System.Text.Json;
using AgentOps.Engine.Providers;
using Microsoft.AspNetCore.Http;

namespace AgentOps.Cli.Serving;

/// <summary>Anthropic's Messages.</summary>
internal sealed class AnthropicServed : IServedProtocol
{
    public string StreamType => "text/event-stream";

    public ServedCall Read(JsonElement body, string? model, bool? stream)
    {
        var messages = new List<Message>();
        var system = Wire.Text(body, "system") ?? string.Concat(Wire.Items(body, "system").Select(part => Wire.Text(part, "text")));
        if (system.Length > 0)
        {
            messages.Add(Message.Text(MessageRole.System, system));
        }

        foreach (var message in Wire.Items(body, "messages"))
        {
            var parts = Wire.Text(message, "content") is { } text
                ? [new TextPart(text)]
                : Wire.Items(message, "content").Select(part => ReadPart(part, messages)).OfType<MessagePart>().ToList();
            var results = parts.OfType<ToolResultPart>().ToArray();
            if (results.Length > 0)
            {
                messages.Add(new Message(MessageRole.Tool, results));
                parts.RemoveAll(part => part is ToolResultPart);
            }

            if (parts.Count > 0)
            {
                messages.Add(new Message(Wire.Text(message, "role") == "assistant" ? MessageRole.Assistant : MessageRole.User, parts));
            }
        }

        var choice = Wire.Member(body, "tool_choice") is { } given ? Wire.Text(given, "type") : null;
        return new ServedCall(
            new ModelRequest
            {
                Model = Wire.Text(body, "model") ?? throw Wire.Invalid("model: Field required"),
                MaxOutputTokens = Wire.Integer(body, "max_tokens") ?? throw Wire.Invalid("max_tokens: Field required"),
                Messages = messages.Count > 0 ? messages : throw Wire.Invalid("messages: Field required"),
                Tools = [.. Wire.Items(body, "tools").Where(tool => Wire.Member(tool, "input_schema") is not null).Select(tool => new ModelTool(
                    Wire.Text(tool, "name") ?? "", Wire.Text(tool, "description") ?? "", Wire.Schema(Wire.Member(tool, "input_schema"))))],
                ToolChoice = choice switch { "any" => ToolChoice.Required, "none" => ToolChoice.None, _ => ToolChoice.Auto },
                Temperature = Wire.Decimal(body, "temperature"),
                StopSequences = Wire.Texts(body, "stop_sequences"),
                Stream = Wire.Flag(body, "stream"),
            },
            true);
    }

    public ServedAnswer Begin(ServedCall call) => new AnthropicServedAnswer(call);

    public int StatusOf(ProviderFault fault) => fault.Kind == FaultKind.Overloaded ? 529 : fault.Status ?? ServedStatus.Of(fault.Kind);

    public void WriteError(HttpResponse response, ProviderFault fault)
    {
        using var json = new Utf8JsonWriter(response.BodyWriter);
        WriteError(json, fault);
    }

    internal static void WriteError(Utf8JsonWriter json, ProviderFault fault)
    {
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", fault.Kind switch
        {
            FaultKind.RateLimited or FaultKind.QuotaExhausted => "rate_limit_error",
            FaultKind.Overloaded => "overloaded_error",
            FaultKind.Authentication => "authentication_error",
            FaultKind.Forbidden => "permission_error",
            FaultKind.ModelNotFound => "not_found_error",
            FaultKind.InvalidRequest or FaultKind.ContextTooLong or FaultKind.ContentFiltered => "invalid_request_error",
            _ => "api_error",
        });
        json.WriteString("message", fault.Kind switch
        {
            FaultKind.QuotaExhausted => "Your credit balance is too low: " + fault.Detail,
            FaultKind.ContextTooLong => "prompt is too long: " + fault.Detail,
            _ => fault.Detail,
        });
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static MessagePart? ReadPart(JsonElement part, List<Message> before) => Wire.Text(part, "type") switch
    {
        "text" => new TextPart(Wire.Text(part, "text") ?? ""),
        "image" when Wire.Member(part, "source") is { } source && Wire.Text(source, "data") is { } data =>
            Wire.Image(Wire.Text(source, "media_type") ?? "image/png", data),
        "thinking" => new ReasoningPart(Wire.Text(part, "thinking") ?? "", Wire.Text(part, "signature")),
        "redacted_thinking" => new ReasoningPart("", Wire.Text(part, "data")) { Redacted = true },
        "tool_use" => new ToolCallPart(
            Wire.Text(part, "id") ?? "", Wire.Text(part, "name") ?? "", Wire.Member(part, "input") is { } input ? input.GetRawText() : "{}"),
        "tool_result" => new ToolResultPart(
            Wire.Text(part, "tool_use_id") ?? "",
            Wire.ToolName(before, Wire.Text(part, "tool_use_id") ?? ""),
            Wire.Text(part, "content") ?? string.Concat(Wire.Items(part, "content").Select(piece => Wire.Text(piece, "text"))),
            Wire.Flag(part, "is_error")),
        _ => null,
    };
}
