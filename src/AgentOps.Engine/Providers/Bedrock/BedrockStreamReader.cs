using System.Text;
using System.Text.Json;

namespace AgentOps.Engine.Providers.Bedrock;

/// <summary>Gathers the frames of one answer. Pure: frames in, events out.</summary>
internal sealed class BedrockStreamReader(ModelRequest request)
{
    private readonly Dictionary<long, Tool> _tools = [];
    private readonly OutputMeter _meter = new();
    private string? _stop;
    private Usage? _usage;

    /// <summary>Takes a frame; events of tomorrow give nothing.</summary>
    /// <exception cref="ProviderFaultException">The frame is an exception.</exception>
    public ModelEvent? Read(EventStreamMessage frame)
    {
        if (frame.Header(":message-type") is "exception" or "error")
        {
            throw new ProviderFaultException(BedrockFaults.InStream(frame));
        }

        var reader = new Utf8JsonReader(frame.Payload.Span);
        var data = JsonElement.ParseValue(ref reader);
        var index = data.Integer("contentBlockIndex") ?? 0;
        switch (frame.Header(":event-type"))
        {
            case "contentBlockStart":
                if (data.Member("start").Member("toolUse") is { } started)
                {
                    _tools[index] = new Tool(started.Text("toolUseId") ?? "", started.Text("name") ?? "");
                }

                return null;
            case "contentBlockDelta":
                return Delta(index, data.Member("delta"));
            case "contentBlockStop":
                return _tools.Remove(index, out var tool)
                    ? Propose(tool.Id, tool.Name, tool.Json.Length == 0 ? "{}" : tool.Json.ToString())
                    : null;
            case "messageStop":
                _stop = data.Text("stopReason") ?? "";
                return null;
            case "metadata":
                _usage = ReadUsage(data.Member("usage")) ?? _usage;
                return null;
            default:
                return null;
        }
    }

    /// <summary>Reads Converse's whole answer, where tool input is an object.</summary>
    public IEnumerable<ModelEvent> ReadWhole(JsonElement root)
    {
        _stop = root.Text("stopReason") ?? "";
        _usage = ReadUsage(root.Member("usage"));
        foreach (var block in root.Member("output").Member("message").Items("content"))
        {
            if (block.Member("toolUse") is { } tool)
            {
                yield return Propose(
                    tool.Text("toolUseId") ?? "",
                    tool.Text("name") ?? "",
                    tool.Member("input") is { } input ? input.GetRawText() : "{}");
            }
            else if (block.Member("reasoningContent") is { } reasoning)
            {
                var text = reasoning.Member("reasoningText");
                yield return reasoning.Text("redactedContent") is { } hidden
                    ? new ReasoningDelta("", hidden) { Redacted = true }
                    : Reasoning(text.Text("text") ?? "", text.Text("signature"));
            }
            else if (block.Text("text") is { Length: > 0 } text)
            {
                _meter.Add(text);
                yield return new TextDelta(text);
            }
        }

        yield return Complete();
    }

    /// <summary>The end.</summary>
    /// <exception cref="ProviderFaultException">The stream ended before the message did.</exception>
    public ModelCompleted Complete()
    {
        if (_stop is null)
        {
            throw new ProviderFaultException(new ProviderFault(
                FaultKind.Interrupted, "", "The stream ended before the message was complete."));
        }

        return new ModelCompleted(Reason(), _usage ?? _meter.Estimate(request), request.Model, null);
    }

    private ModelEvent? Delta(long index, JsonElement? delta)
    {
        if (delta.Text("text") is { Length: > 0 } text)
        {
            _meter.Add(text);
            return new TextDelta(text);
        }

        if (delta.Member("toolUse") is { } input && _tools.TryGetValue(index, out var tool))
        {
            tool.Json.Append(input.Text("input"));
            return null;
        }

        if (delta.Member("reasoningContent") is { } reasoning)
        {
            if (reasoning.Text("redactedContent") is { } hidden)
            {
                return new ReasoningDelta("", hidden) { Redacted = true };
            }

            if (reasoning.Text("text") is { Length: > 0 } || reasoning.Text("signature") is not null)
            {
                return Reasoning(reasoning.Text("text") ?? "", reasoning.Text("signature"));
            }
        }

        return null;
    }

    private ReasoningDelta Reasoning(string text, string? signature)
    {
        _meter.Add(text);
        return new ReasoningDelta(text, signature);
    }

    private ToolCallProposed Propose(string id, string name, string arguments)
    {
        var call = new ToolCallPart(id, name, arguments);
        _meter.Add(call);
        return new ToolCallProposed(call);
    }

    // Tokens read from and written to the cache are counted apart by the vendor; all are input.
    private static Usage? ReadUsage(JsonElement? usage)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } given)
        {
            return null;
        }

        var cached = given.Integer("cacheReadInputTokens") ?? 0;
        var written = given.Integer("cacheWriteInputTokens") ?? 0;
        return new Usage((given.Integer("inputTokens") ?? 0) + cached + written, given.Integer("outputTokens") ?? 0, cached, written);
    }

    private StopReason Reason() => _stop switch
    {
        "end_turn" or "stop_sequence" => StopReason.EndTurn,
        "tool_use" => StopReason.ToolUse,
        "max_tokens" => StopReason.MaxTokens,
        "guardrail_intervened" or "content_filtered" => StopReason.ContentFilter,
        "malformed_model_output" or "malformed_tool_use" => StopReason.Malformed,
        "model_context_window_exceeded" => StopReason.ContextWindowExceeded,
        _ => StopReason.Other,
    };

    private sealed record Tool(string Id, string Name)
    {
        public StringBuilder Json { get; } = new();
    }
}
