using System.Globalization;
using System.Text.Json;

namespace AgentOps.Engine.Providers.OpenAI;

/// <summary>Reads a whole answer, and what whole and streamed answers share.</summary>
internal static class OpenAIAnswer
{
    public static IEnumerable<ModelEvent> Read(JsonElement root, ModelRequest request)
    {
        if (root.Member("error") is { } error)
        {
            throw new ProviderFaultException(OpenAIFaults.InStream(error));
        }

        var choice = root.Items("choices").Select(item => (JsonElement?)item).FirstOrDefault()
            ?? throw new ProviderFaultException(new ProviderFault(FaultKind.Protocol, "", "The answer has no choices."));
        var message = choice.Member("message");
        var meter = new OutputMeter();
        if ((message.Text("reasoning_content") ?? message.Text("reasoning")) is { Length: > 0 } reasoning)
        {
            meter.Add(reasoning);
            yield return new ReasoningDelta(reasoning, null);
        }

        var refusal = message.Text("refusal") is { Length: > 0 } refused ? refused : null;
        if ((message.Text("content") is { Length: > 0 } content ? content : refusal) is { } text)
        {
            meter.Add(text);
            yield return new TextDelta(text);
        }

        var number = 0;
        foreach (var item in message.Items("tool_calls"))
        {
            number++;
            var function = item.Member("function");
            var call = new ToolCallPart(
                item.Text("id") is { Length: > 0 } id ? id : "call_" + number.ToString(CultureInfo.InvariantCulture),
                function.Text("name") ?? "",
                function.Member("arguments") switch
                {
                    { ValueKind: JsonValueKind.String } arguments => arguments.GetString() is { Length: > 0 } given ? given : "{}",
                    { ValueKind: JsonValueKind.Object } arguments => arguments.GetRawText(),
                    _ => "{}",
                });
            meter.Add(call);
            yield return new ToolCallProposed(call);
        }

        yield return new ModelCompleted(
            refusal is null ? Reason(choice.Text("finish_reason"), number > 0) : StopReason.Refusal,
            root.Member("usage") is { ValueKind: JsonValueKind.Object } usage ? ReadUsage(usage) : meter.Estimate(request),
            root.Text("model") ?? request.Model,
            root.Text("id"));
    }

    public static Usage ReadUsage(JsonElement usage)
    {
        var input = usage.Member("prompt_tokens_details");
        return new Usage(
            usage.Integer("prompt_tokens") ?? 0,
            usage.Integer("completion_tokens") ?? 0,
            input.Integer("cached_tokens") ?? 0,
            input.Integer("cache_write_tokens") ?? 0,
            usage.Member("completion_tokens_details").Integer("reasoning_tokens") ?? 0);
    }

    public static StopReason Reason(string? finish, bool hasCalls) => finish switch
    {
        // Compatible servers say "stop" for tool calls, too.
        null or "stop" or "tool_calls" or "function_call" or "end_turn" => hasCalls ? StopReason.ToolUse : StopReason.EndTurn,
        "length" => StopReason.MaxTokens,
        "content_filter" => StopReason.ContentFilter,
        _ => StopReason.Other,
    };
}
