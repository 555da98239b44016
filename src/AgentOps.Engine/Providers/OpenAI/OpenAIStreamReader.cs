using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AgentOps.Engine.Providers.OpenAI;

/// <summary>Gathers the chunks of one streamed answer. Pure: chunks in, events out.</summary>
internal sealed class OpenAIStreamReader(ModelRequest request)
{
    private readonly OpenAIToolCalls _calls = new();
    private readonly Queue<ModelEvent> _waiting = new();
    private readonly OutputMeter _meter = new();
    private string? _finish;
    private bool _refused;
    private bool _done;
    private Usage? _usage;
    private string? _model;
    private string? _responseId;

    /// <summary>Takes a chunk; its first event, if it has one. Further ones wait in <see cref="TryTake"/>.</summary>
    public ModelEvent? Read(JsonElement chunk)
    {
        if (chunk.Member("error") is { } error)
        {
            throw new ProviderFaultException(OpenAIFaults.InStream(error));
        }

        _model ??= chunk.Text("model") is { Length: > 0 } named ? named : null;
        _responseId ??= chunk.Text("id") is { Length: > 0 } id ? id : null;
        _usage = chunk.Member("usage") is { ValueKind: JsonValueKind.Object } told ? OpenAIAnswer.ReadUsage(told) : _usage;

        // Azure's first chunk holds filter results only, the usage's chunk holds no choices: both simply give nothing here.
        foreach (var choice in chunk.Items("choices"))
        {
            if ((choice.Integer("index") ?? 0) != 0)
            {
                continue;
            }

            if (choice.Member("delta") is { } delta)
            {
                ReadDelta(delta);
            }

            _finish = choice.Text("finish_reason") ?? _finish;
        }

        return _waiting.TryDequeue(out var first) ? first : null;
    }

    public bool TryTake([NotNullWhen(true)] out ModelEvent? next) => _waiting.TryDequeue(out next);

    /// <summary>The stream said that it is over.</summary>
    public void Done() => _done = true;

    /// <summary>The events that come at the end.</summary>
    /// <exception cref="ProviderFaultException">The stream ended before the answer did.</exception>
    public IEnumerable<ModelEvent> Complete()
    {
        if (_finish is null && !_done)
        {
            throw new ProviderFaultException(new ProviderFault(
                FaultKind.Interrupted, "", "The stream ended before the answer was complete."));
        }

        foreach (var call in _calls.Finish())
        {
            _meter.Add(call);
            yield return new ToolCallProposed(call);
        }

        yield return new ModelCompleted(
            _refused ? StopReason.Refusal : OpenAIAnswer.Reason(_finish, _calls.Any),
            _usage ?? _meter.Estimate(request),
            _model ?? request.Model,
            _responseId);
    }

    private void ReadDelta(JsonElement delta)
    {
        // Not OpenAI's own, but what compatible servers of reasoning models send.
        Add(delta.Text("reasoning_content") ?? delta.Text("reasoning"), static text => new ReasoningDelta(text, null));
        Add(delta.Text("content"), static text => new TextDelta(text));
        if (delta.Text("refusal") is { Length: > 0 } refusal)
        {
            _refused = true;
            Add(refusal, static text => new TextDelta(text));
        }

        foreach (var fragment in delta.Items("tool_calls"))
        {
            _calls.Add(fragment);
        }
    }

    private void Add(string? text, Func<string, ModelEvent> make)
    {
        if (text is { Length: > 0 })
        {
            _meter.Add(text);
            _waiting.Enqueue(make(text));
        }
    }
}
