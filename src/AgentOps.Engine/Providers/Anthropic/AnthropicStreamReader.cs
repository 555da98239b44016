using System.Text;
using System.Text.Json;

namespace AgentOps.Engine.Providers.Anthropic;

/// <summary>Gathers the events of one answer. Pure: vendor events in, model events out.</summary>
internal sealed class AnthropicStreamReader(ModelRequest request)
{
    private readonly Dictionary<long, Tool> tools = [];
    private readonly OutputMeter meter = new();
    private bool hasCalls;
    private string? model;
    private string? id;
    private string? stop;
    private bool told;
    private long input;
    private long cached;
    private long written;
    private long output;
    private long thinking;

    /// <summary>The vendor said that the message is over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes an event. <c>ping</c> and events of tomorrow give nothing.</summary>
    public ModelEvent? Read(JsonElement data)
    {
        switch (data.Text("type"))
        {
            case "message_start":
                var message = data.Member("message");
                model = message.Text("model");
                id = message.Text("id");
                ReadUsage(message.Member("usage"));
                return null;
            case "content_block_start":
                return Start(data.Integer("index") ?? 0, data.Member("content_block"));
            case "content_block_delta":
                return Delta(data.Integer("index") ?? 0, data.Member("delta"));
            case "content_block_stop":
                return tools.Remove(data.Integer("index") ?? 0, out var tool) ? Propose(tool) : null;
            case "message_delta":
                stop = data.Member("delta").Text("stop_reason") ?? stop;
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

        model = root.Text("model");
        id = root.Text("id");
        stop = root.Text("stop_reason");
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
        if (!IsOver && stop is null)
        {
            throw new ProviderFaultException(new ProviderFault(
                FaultKind.Interrupted, "", "The stream ended before the message was complete."));
        }

        // Cached tokens are counted apart by the vendor; all are input.
        var usage = told
            ? new Usage(input + cached + written, output, cached, written, thinking)
            : meter.Estimate(request);
        return new ModelCompleted(Reason(), usage, model ?? request.Model, id);
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
                tools[index] = new Tool(block.Text("id"), block.Text("name"), block.Member("input"));
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
                if (tools.TryGetValue(index, out var tool))
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

        meter.Add(text);
        return new TextDelta(text);
    }

    private ReasoningDelta? Thinking(string? text, string? signature)
    {
        if (string.IsNullOrEmpty(text) && signature is null)
        {
            return null;
        }

        meter.Add(text ?? "");
        return new ReasoningDelta(text ?? "", signature);
    }

    private ToolCallProposed Propose(Tool tool)
    {
        hasCalls = true;

        // The start holds {} and the deltas the rest; without deltas, what the start holds is all.
        var arguments = tool.Json.Length > 0 ? tool.Json.ToString() : tool.Input is { ValueKind: JsonValueKind.Object } whole ? whole.GetRawText() : "{}";
        var call = new ToolCallPart(tool.Id ?? "", tool.Name ?? "", arguments);
        meter.Add(call);
        return new ToolCallProposed(call);
    }

    // What message_delta tells is cumulative: the newest number holds, and what it leaves out stays.
    private void ReadUsage(JsonElement? usage)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } given)
        {
            return;
        }

        told = true;
        input = given.Integer("input_tokens") ?? input;
        cached = given.Integer("cache_read_input_tokens") ?? cached;
        written = given.Integer("cache_creation_input_tokens") ?? written;
        output = given.Integer("output_tokens") ?? output;
        thinking = given.Member("output_tokens_details").Integer("thinking_tokens") ?? thinking;
    }

    private StopReason Reason() => stop switch
    {
        "end_turn" or "stop_sequence" => StopReason.EndTurn,
        "tool_use" => StopReason.ToolUse,
        "max_tokens" => StopReason.MaxTokens,
        "pause_turn" => StopReason.Paused,
        "refusal" => StopReason.Refusal,
        "model_context_window_exceeded" => StopReason.ContextWindowExceeded,
        null => hasCalls ? StopReason.ToolUse : StopReason.EndTurn,
        _ => StopReason.Other,
    };

    private sealed record Tool(string? Id, string? Name, JsonElement? Input)
    {
        public StringBuilder Json { get; } = new();
    }
}
