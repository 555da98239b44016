using System.Globalization;
using System.Text.Json;

namespace AgentOps.Engine.Providers.Gemini;

/// <summary>Gathers the chunks of one answer; an answer that comes whole is one chunk. Pure: chunks in, events out.</summary>
internal sealed class GeminiStreamReader(ModelRequest request)
{
    /// <summary>Begins the ids of calls that the vendor gave none.</summary>
    public const string OwnIdPrefix = "gemini-call-";

    private readonly OutputMeter _meter = new();
    private int _calls;
    private string? _finish;
    private string? _model;
    private string? _id;
    private Usage? _usage;

    /// <summary>The events of a chunk.</summary>
    /// <exception cref="ProviderFaultException">An error, or a blocked prompt, which has no candidates.</exception>
    public IEnumerable<ModelEvent> Read(JsonElement chunk)
    {
        if (chunk.Member("error") is { } error)
        {
            throw new ProviderFaultException(GeminiFaults.InStream(error));
        }

        _model = chunk.Text("modelVersion") ?? _model;
        _id = chunk.Text("responseId") ?? _id;
        _usage = ReadUsage(chunk.Member("usageMetadata")) ?? _usage;
        if (chunk.Member("promptFeedback").Text("blockReason") is { } blocked)
        {
            throw new ProviderFaultException(new ProviderFault(
                FaultKind.ContentFiltered, "", $"The prompt was blocked: {blocked}.")
            {
                VendorCode = blocked,
            });
        }

        foreach (var candidate in chunk.Items("candidates"))
        {
            if ((candidate.Integer("index") ?? 0) != 0)
            {
                continue;
            }

            _finish = candidate.Text("finishReason") ?? _finish;
            foreach (var part in candidate.Member("content").Items("parts"))
            {
                if (ReadPart(part) is { } modelEvent)
                {
                    yield return modelEvent;
                }
            }
        }
    }

    /// <summary>The end.</summary>
    /// <exception cref="ProviderFaultException">The stream ended before the answer did.</exception>
    public ModelCompleted Complete()
    {
        if (_finish is null)
        {
            throw new ProviderFaultException(new ProviderFault(
                FaultKind.Interrupted, "", "The stream ended before the answer was complete."));
        }

        return new ModelCompleted(Reason(), _usage ?? _meter.Estimate(request), _model ?? request.Model, _id);
    }

    private ModelEvent? ReadPart(JsonElement part)
    {
        var signature = part.Text("thoughtSignature");
        if (part.Member("functionCall") is { } function)
        {
            // Calls come whole, and their finish reason is STOP.
            _calls++;
            var call = new ToolCallPart(
                function.Text("id") is { Length: > 0 } given ? given : OwnId(),
                function.Text("name") ?? "",
                function.Member("args") is { ValueKind: JsonValueKind.Object } arguments ? arguments.GetRawText() : "{}")
            {
                Signature = signature,
            };
            _meter.Add(call);
            return new ToolCallProposed(call);
        }

        if (part.Text("text") is not { } text || (text.Length == 0 && signature is null))
        {
            return null;
        }

        _meter.Add(text);
        return part.Flag("thought") ? new ReasoningDelta(text, signature) : new TextDelta(text) { Signature = signature };
    }

    // Different in each turn: a conversation must not hold the same id twice.
    private string OwnId() => string.Create(CultureInfo.InvariantCulture,
        $"{OwnIdPrefix}{request.Messages.Count(message => message.Role == MessageRole.Assistant) + 1}-{_calls}");

    private static Usage? ReadUsage(JsonElement? usage)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } given)
        {
            return null;
        }

        var thoughts = given.Integer("thoughtsTokenCount") ?? 0;
        return new Usage(
            (given.Integer("promptTokenCount") ?? 0) + (given.Integer("toolUsePromptTokenCount") ?? 0),
            (given.Integer("candidatesTokenCount") ?? 0) + thoughts,
            given.Integer("cachedContentTokenCount") ?? 0,
            0,
            thoughts);
    }

    private StopReason Reason() => _finish switch
    {
        "STOP" => _calls > 0 ? StopReason.ToolUse : StopReason.EndTurn,
        "MAX_TOKENS" => StopReason.MaxTokens,
        "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" => StopReason.Malformed,
        "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "IMAGE_SAFETY"
            or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" => StopReason.ContentFilter,
        _ => StopReason.Other,
    };
}
