using System.Text.Json;
using AgentOps.Engine.Providers;
using Microsoft.AspNetCore.Http;

namespace AgentOps.Cli.Serving;

/// <summary>Google's generateContent.</summary>
internal sealed class GeminiServed : IServedProtocol
{
    public string StreamType => "text/event-stream";

    public ServedCall Read(JsonElement body, string? model, bool? stream)
    {
        var messages = new List<Message>();
        if (Wire.Member(body, "systemInstruction", "system_instruction") is { } system)
        {
            messages.Add(Message.Text(MessageRole.System, string.Concat(Wire.Items(system, "parts").Select(part => Wire.Text(part, "text")))));
        }

        foreach (var content in Wire.Items(body, "contents"))
        {
            var parts = Wire.Items(content, "parts").Select(part => ReadPart(part)).OfType<MessagePart>().ToList();
            var results = parts.OfType<ToolResultPart>().ToArray();
            if (results.Length > 0)
            {
                messages.Add(new Message(MessageRole.Tool, results));
                parts.RemoveAll(part => part is ToolResultPart);
            }

            if (parts.Count > 0)
            {
                messages.Add(new Message(Wire.Text(content, "role") == "model" ? MessageRole.Assistant : MessageRole.User, parts));
            }
        }

        var config = Wire.Member(body, "generationConfig", "generation_config") ?? default;
        var schema = Wire.Member(config, "responseJsonSchema", "responseSchema");
        return new ServedCall(
            new ModelRequest
            {
                Model = model ?? throw Wire.Invalid("The path names no model."),
                Messages = messages.Count > 0 ? messages : throw Wire.Invalid("* GenerateContentRequest.contents: contents is not specified"),
                Tools = [.. Wire.Items(body, "tools").SelectMany(tool => Wire.Items(tool, "functionDeclarations", "function_declarations")).Select(tool =>
                    new ModelTool(
                        Wire.Text(tool, "name") ?? "",
                        Wire.Text(tool, "description") ?? "",
                        Wire.Schema(Wire.Member(tool, "parametersJsonSchema", "parameters"))))],
                MaxOutputTokens = Wire.Integer(config, "maxOutputTokens"),
                Temperature = Wire.Decimal(config, "temperature"),
                StopSequences = Wire.Texts(config, "stopSequences"),
                OutputSchema = schema is null ? null : Wire.Schema(schema),
                Stream = stream ?? false,
            },
            true);
    }

    public ServedAnswer Begin(ServedCall call) => new GeminiServedAnswer(call);

    public int StatusOf(ProviderFault fault) => fault.Kind switch
    {
        FaultKind.Authentication => 403,
        _ => fault.Status ?? ServedStatus.Of(fault.Kind),
    };

    public void WriteError(HttpResponse response, ProviderFault fault)
    {
        using var json = new Utf8JsonWriter(response.BodyWriter);
        WriteError(json, fault, StatusOf(fault));
    }

    internal static void WriteError(Utf8JsonWriter json, ProviderFault fault, int status)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("code", status);
        json.WriteString("message", fault.Detail);
        json.WriteString("status", fault.Kind switch
        {
            FaultKind.RateLimited or FaultKind.QuotaExhausted => "RESOURCE_EXHAUSTED",
            FaultKind.Authentication or FaultKind.Forbidden => "PERMISSION_DENIED",
            FaultKind.ModelNotFound => "NOT_FOUND",
            FaultKind.Overloaded => "UNAVAILABLE",
            FaultKind.InvalidRequest or FaultKind.ContextTooLong or FaultKind.ContentFiltered => "INVALID_ARGUMENT",
            _ => "INTERNAL",
        });
        json.WriteStartArray("details");
        if (fault.Kind == FaultKind.QuotaExhausted)
        {
            json.WriteStartObject();
            json.WriteString("@type", "type.googleapis.com/google.rpc.QuotaFailure");
            json.WriteStartArray("violations");
            json.WriteStartObject();
            json.WriteString("quotaId", "GenerateRequestsPerDayPerProjectPerModel");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        if (fault.RetryAfter is { } wait)
        {
            json.WriteStartObject();
            json.WriteString("@type", "type.googleapis.com/google.rpc.RetryInfo");
            json.WriteString("retryDelay", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{wait.TotalSeconds:0.###}s"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static MessagePart? ReadPart(JsonElement part)
    {
        var signature = Wire.Text(part, "thoughtSignature", "thought_signature");
        if (Wire.Member(part, "functionCall", "function_call") is { } call)
        {
            return new ToolCallPart(
                Wire.Text(call, "id") ?? Wire.Text(call, "name") ?? "",
                Wire.Text(call, "name") ?? "",
                Wire.Member(call, "args") is { } arguments ? arguments.GetRawText() : "{}")
            {
                Signature = signature,
            };
        }

        if (Wire.Member(part, "functionResponse", "function_response") is { } response)
        {
            var result = Wire.Member(response, "response");
            var error = result is { } given ? Wire.Member(given, "error") : null;
            var output = error ?? (result is { } some ? Wire.Member(some, "output") : null) ?? result;
            return new ToolResultPart(
                Wire.Text(response, "id") ?? Wire.Text(response, "name") ?? "",
                Wire.Text(response, "name") ?? "",
                output is { ValueKind: JsonValueKind.String } text ? Wire.String(text) : output?.GetRawText() ?? "",
                error is not null);
        }

        if (Wire.Member(part, "inlineData", "inline_data") is { } data)
        {
            return Wire.Image(Wire.Text(data, "mimeType", "mime_type") ?? "image/png", Wire.Text(data, "data") ?? "");
        }

        return Wire.Text(part, "text") is not { } words ? null
            : Wire.Flag(part, "thought") ? new ReasoningPart(words, signature)
            : new TextPart(words) { Signature = signature };
    }
}
