using System.Text.Json;
using AgentOps.Engine.Providers;
using Microsoft.AspNetCore.Http;

namespace AgentOps.Cli.Serving;

/// <summary>Amazon Bedrock's Converse and ConverseStream. Signatures are not checked: the server is for the loopback.</summary>
internal sealed class BedrockServed : IServedProtocol
{
    public string StreamType => "application/vnd.amazon.eventstream";

    public ServedCall Read(JsonElement body, string? model, bool? stream)
    {
        var messages = new List<Message>();
        foreach (var system in Wire.Items(body, "system"))
        {
            messages.Add(Message.Text(MessageRole.System, Wire.Text(system, "text") ?? ""));
        }

        foreach (var message in Wire.Items(body, "messages"))
        {
            var parts = Wire.Items(message, "content").Select(part => ReadPart(part, messages)).OfType<MessagePart>().ToList();
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

        var config = Wire.Member(body, "inferenceConfig") ?? default;
        var tools = Wire.Member(body, "toolConfig");
        return new ServedCall(
            new ModelRequest
            {
                Model = model ?? throw Wire.Invalid("The path names no model."),
                Messages = messages.Count > 0 ? messages : throw Wire.Invalid("A conversation must start with a user message."),
                Tools = [.. Wire.Items(tools, "tools").Select(ReadTool).OfType<ModelTool>()],
                ToolChoice = tools is { } given && Wire.Member(given, "toolChoice") is { } choice && Wire.Member(choice, "any") is not null
                    ? ToolChoice.Required
                    : ToolChoice.Auto,
                MaxOutputTokens = Wire.Integer(config, "maxTokens"),
                Temperature = Wire.Decimal(config, "temperature"),
                StopSequences = Wire.Texts(config, "stopSequences"),
                Stream = stream ?? false,
            },
            true);
    }

    public ServedAnswer Begin(ServedCall call) => new BedrockServedAnswer();

    public int StatusOf(ProviderFault fault) => fault.Kind switch
    {
        FaultKind.QuotaExhausted => 400,
        FaultKind.Authentication => 403,
        _ => fault.Status ?? ServedStatus.Of(fault.Kind),
    };

    public void WriteError(HttpResponse response, ProviderFault fault)
    {
        response.Headers["x-amzn-errortype"] = Name(fault.Kind);
        using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("message", DetailOf(fault));
        json.WriteEndObject();
    }

    internal static string DetailOf(ProviderFault fault) => fault.Kind == FaultKind.ContextTooLong ? "Input is too long: " + fault.Detail : fault.Detail;

    internal static string Name(FaultKind kind) => kind switch
    {
        FaultKind.RateLimited => "ThrottlingException",
        FaultKind.QuotaExhausted => "ServiceQuotaExceededException",
        FaultKind.Overloaded => "ServiceUnavailableException",
        FaultKind.Authentication or FaultKind.Forbidden => "AccessDeniedException",
        FaultKind.ModelNotFound => "ResourceNotFoundException",
        FaultKind.TimedOut => "ModelTimeoutException",
        FaultKind.InvalidRequest or FaultKind.ContextTooLong or FaultKind.ContentFiltered => "ValidationException",
        _ => "InternalServerException",
    };

    private static ModelTool? ReadTool(JsonElement tool) => Wire.Member(tool, "toolSpec") is { } spec
        ? new ModelTool(
            Wire.Text(spec, "name") ?? "",
            Wire.Text(spec, "description") ?? "",
            Wire.Schema(Wire.Member(spec, "inputSchema") is { } schema ? Wire.Member(schema, "json") : null))
        : null;

    private static MessagePart? ReadPart(JsonElement part, List<Message> before)
    {
        if (Wire.Member(part, "toolUse") is { } use)
        {
            return new ToolCallPart(
                Wire.Text(use, "toolUseId") ?? "", Wire.Text(use, "name") ?? "", Wire.Member(use, "input") is { } input ? input.GetRawText() : "{}");
        }

        if (Wire.Member(part, "toolResult") is { } result)
        {
            var id = Wire.Text(result, "toolUseId") ?? "";
            var content = string.Concat(Wire.Items(result, "content").Select(piece =>
                Wire.Text(piece, "text") ?? (Wire.Member(piece, "json") is { } json ? json.GetRawText() : "")));
            return new ToolResultPart(id, Wire.ToolName(before, id), content, Wire.Text(result, "status") == "error");
        }

        if (Wire.Member(part, "image") is { } image && Wire.Member(image, "source") is { } source)
        {
            return Wire.Image("image/" + (Wire.Text(image, "format") ?? "png"), Wire.Text(source, "bytes") ?? "");
        }

        if (Wire.Member(part, "reasoningContent") is { } reasoning && Wire.Member(reasoning, "reasoningText") is { } thought)
        {
            return new ReasoningPart(Wire.Text(thought, "text") ?? "", Wire.Text(thought, "signature"));
        }

        return Wire.Text(part, "text") is { } text ? new TextPart(text) : null;
    }
}
