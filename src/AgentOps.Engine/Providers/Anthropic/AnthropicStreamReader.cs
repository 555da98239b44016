using System.Text;
using System.Text.Json;

namespace AgentOps.Engine.Providers.Anthropic;

/// <summary>Gathers the events of one answer. Pure: vendor events in, model events out.</summary>
internal sealed class AnthropicStreamReader(ModelRequest request)
{
    private readonly Dictionary<long, Tool> _tools = [];
    private readonly OutputMeter _meter = new();
    private bool _hasCalls;
    private string? _model;
    private string? _id;
    private string? _stop;
    private bool _told;
    private long _input;
    private long _cached;
    private long _written;
    private long _output;
    private long _thinking;

    /// <summary>The vendor said that the message is over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes an event. <c>ping</c> and events of tomorrow give nothing.</summary>
    public ModelEvent? Read(JsonElement data)
    {
        switch (data.Text("type"))
        {
            case "message_start":
                var message = data.Member("message");
                _model = message.Text("model");
                _id = message.Text("id");
                ReadUsage(message.Member("usage"));
                return null;
            case "content_block_start":
                return Start(data.Integer("index") ?? 0, data.Member("content_block"));
            case "content_block_delta":
                return Delta(data.Integer("index") ?? 0, data.Member("delta"));
            case "content_block_stop":
                return _tools.Remove(data.Integer("index") ?? 0, out var tool) ? Propose(tool) : null;
            case "message_delta":
                _stop = data.Member("delta").Text("stop_reason") ?? _stop;
                ReadUsage(data.Member("usage"));
                return null;
            case "message_stop":
                IsOver = true;
                return null;
            case "error":
                throw new ProviderFaultException(AnthropicFaults.InStream(data));
            default:
                return null;
        }
    }

    /// <summary>Reads an answer that came whole.</summary>
    public IEnumerable<ModelEvent> ReadWhole(JsonElement root)
    {
        if (root.Text("type") == "error")
        {
            throw new ProviderFaultException(AnthropicFaults.InStream(root));
        }

        _model = root.Text("model");
        _id = root.Text("id");
        _stop = root.Text("stop_reason");
        ReadUsage(root.Member("usage"));
        foreach (var block in root.Items("content"))
        {
            if (block.Text("type") == "tool_use")
            {
                yield return Propose(new Tool(block.Text("id"), block.Text("name"), block.Member("input")));
            }
            else if (Start(0, block) is { } given)
            {
                yield return given;
            }
        }

        IsOver = true;
        yield return Complete();
    }

    /// <summary>The end.</summary>
    /// <exception cref="ProviderFaultException">The stream ended before the message did.</exception>
    public ModelCompleted Complete()
    {
        if (!IsOver && _stop is null)
        {
            throw new ProviderFaultException(new ProviderFault(
                FaultKind.Interrupted, "", "The stream ended before the message was complete."));
        }

        // Cached tokens are counted apart by the vendor; all are input.
        var usage = _told
            ? new Usage(_input + _cached + _written, _output, _cached, _written, _thinking)
            : _meter.Estimate(request);
        return new ModelCompleted(Reason(), usage, _model ?? request.Model, _id);
    }

    private ModelEvent? Start(long index, JsonElement? block)
    {
        switch (block.Text("type"))
        {
            case "text":
                return Text(block.Text("text"));
            case "thinking":
                return Thinking(block.Text("thinking"), block.Text("signature") is { Length: > 0 } signature ? signature : null);
            case "redacted_thinking":
                return new ReasoningDelta("", block.Text("data")) { Redacted = true };
            case "tool_use":
                _tools[index] = new Tool(block.Text("id"), block.Text("name"), block.Member("input"));
                return null;
            default:
                return null;
        }
    }

    private ModelEvent? Delta(long index, JsonElement? delta)
    {
        switch (delta.Text("type"))
        {
            case "text_delta":
                return Text(delta.Text("text"));
            case "thinking_delta":
                return Thinking(delta.Text("thinking"), null);
            case "signature_delta":
                return Thinking("", delta.Text("signature"));
            case "input_json_delta":
                if (_tools.TryGetValue(index, out var tool))
                {
                    tool.Json.Append(delta.Text("partial_json"));
                }

                return null;
            default:
                return null;
        }
    }

    private TextDelta? Text(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        _meter.Add(text);
        return new TextDelta(text);
    }

    private ReasoningDelta? Thinking(string? text, string? signature)
    {
        if (string.IsNullOrEmpty(text) && signature is null)
        {
            return null;
        }

        _meter.Add(text ?? "");
        return new ReasoningDelta(text ?? "", signature);
    }

    private ToolCallProposed Propose(Tool tool)
    {
        _hasCalls = true;

        // The start holds {} and the deltas the rest; without deltas, what the start holds is all.
        var arguments = tool.Json.Length > 0 ? tool.Json.ToString() : tool.Input is { ValueKind: JsonValueKind.Object } whole ? whole.GetRawText() : "{}";
        var call = new ToolCallPart(tool.Id ?? "", tool.Name ?? "", arguments);
        _meter.Add(call);
        return new ToolCallProposed(call);
    }

    // What message_delta tells is cumulative: the newest number holds, and what it leaves out stays.
    private void ReadUsage(JsonElement? usage)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } given)
        {
            return;
        }

        _told = true;
        _input = given.Integer("input_tokens") ?? _input;
        _cached = given.Integer("cache_read_input_tokens") ?? _cached;
        _written = given.Integer("cache_creation_input_tokens") ?? _written;
        _output = given.Integer("output_tokens") ?? _output;
        _thinking = given.Member("output_tokens_details").Integer("thinking_tokens") ?? _thinking;
    }

    private StopReason Reason() => _stop switch
    {
        "end_turn" or "stop_sequence" => StopReason.EndTurn,
        "tool_use" => StopReason.ToolUse,
        "max_tokens" => StopReason.MaxTokens,
        "pause_turn" => StopReason.Paused,
        "refusal" => StopReason.Refusal,
        "model_context_window_exceeded" => StopReason.ContextWindowExceeded,
        null => _hasCalls ? StopReason.ToolUse : StopReason.EndTurn,
        _ => StopReason.Other,
    };

    private sealed record Tool(string? Id, string? Name, JsonElement? Input)
    {
        public StringBuilder Json { get; } = new();
    }
}
