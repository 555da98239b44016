using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AgentOps.Engine.Providers.OpenAI;

/// <summary>Gathers the chunks of one streamed answer. Pure: chunks in, events out.</summary>
internal sealed class OpenAIStreamReader(ModelRequest request)
{
    private readonly OpenAIToolCalls calls = new();
    private readonly Queue<ModelEvent> waiting = new();
    private readonly OutputMeter meter = new();
    private string? finish;
    private bool refused;
    private bool done;
    private Usage? usage;
    private string? model;
    private string? responseId;

    /// <summary>Takes a chunk; its first event, if it has one. Further ones wait in <see cref="TryTake"/>.</summary>
    public ModelEvent? Read(JsonElement chunk)
    {
        if (chunk.Member("error") is { } error)
        {
            throw new ProviderFaultException(OpenAIFaults.InStream(error));
        }

        model ??= chunk.Text("model") is { Length: > 0 } named ? named : null;
        responseId ??= chunk.Text("id") is { Length: > 0 } id ? id : null;
        usage = chunk.Member("usage") is { ValueKind: JsonValueKind.Object } told ? OpenAIAnswer.ReadUsage(told) : usage;

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

            finish = choice.Text("finish_reason") ?? finish;
        }

        return waiting.TryDequeue(out var first) ? first : null;
    }

    public bool TryTake([NotNullWhen(true)] out ModelEvent? next) => waiting.TryDequeue(out next);

    /// <summary>The stream said that it is over.</summary>
    public void Done() => done = true;

    /// <summary>The events that come at the end.</summary>
    /// <exception cref="ProviderFaultException">The stream ended before the answer did.</exception>
    public IEnumerable<ModelEvent> Complete()
    {
        if (finish is null && !done)
        {
            throw new ProviderFaultException(new ProviderFault(
                FaultKind.Interrupted, "", "The stream ended before the answer was complete."));
        }

        foreach (var call in calls.Finish())
        {
            meter.Add(call);
            yield return new ToolCallProposed(call);
        }

        yield return new ModelCompleted(
            refused ? StopReason.Refusal : OpenAIAnswer.Reason(finish, calls.Any),
            usage ?? meter.Estimate(request),
            model ?? request.Model,
            responseId);
    }

    private void ReadDelta(JsonElement delta)
    {
        // Not OpenAI's own, but what compatible servers of reasoning models send.
        Add(delta.Text("reasoning_content") ?? delta.Text("reasoning"), static text => new ReasoningDelta(text, null));
        Add(delta.Text("content"), static text => new TextDelta(text));
        if (delta.Text("refusal") is { Length: > 0 } refusal)
        {
            refused = true;
            Add(refusal, static text => new TextDelta(text));
        }

        foreach (var fragment in delta.Items("tool_calls"))
        {
            calls.Add(fragment);
        }
    }

    private void Add(string? text, Func<string, ModelEvent> make)
    {
        if (text is { Length: > 0 })
        {
            meter.Add(text);
            waiting.Enqueue(make(text));
        }
    }
}
