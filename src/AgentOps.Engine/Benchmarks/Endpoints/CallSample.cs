using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>
/// One call as it was measured. Times are seconds. In an open loop latencies count from the intended start, so that a call that
/// had to wait for its turn shows the wait; in a closed loop the intended start is the actual one.
/// </summary>
public sealed record CallSample
{
    /// <summary>The target.</summary>
    public required string Target { get; init; }

    /// <summary>What the call was for.</summary>
    public CallPhase Phase { get; init; }

    /// <summary>Its place among the target's calls of that phase, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The slot of time, from 0.</summary>
    public int Slot { get; init; }

    /// <summary>The intended start, from the start of the run.</summary>
    public double Intended { get; init; }

    /// <summary>How much later than intended the call was sent.</summary>
    public double SendLag { get; init; }

    /// <summary>To the response's headers; null where the provider is not called over HTTP.</summary>
    public double? Headers { get; init; }

    /// <summary>To the first delta of any kind: reasoning, text or a tool call (TTFT-any).</summary>
    public double? FirstDelta { get; init; }

    /// <summary>To the first delta of text (TTFT-text).</summary>
    public double? FirstText { get; init; }

    /// <summary>To the end of the stream, or to its failure.</summary>
    public double EndToEnd { get; init; }

    /// <summary>The raw gaps between content events, in order.</summary>
    public IReadOnlyList<double> Gaps { get; init; } = [];

    /// <summary>The tokens used, as the provider counts them.</summary>
    public Usage Usage { get; init; } = Usage.Zero;

    /// <summary>Reasoning came as deltas of its own.</summary>
    public bool HasReasoningDeltas { get; init; }

    /// <summary>What it cost in USD; null where no price is known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The class of the failure; null when the call succeeded.</summary>
    public CallError? Error { get; init; }

    /// <summary>The kind of the provider's fault, where it was one; not kept in files.</summary>
    internal FaultKind? Fault { get; init; }

    /// <summary>The provider's words of the failure.</summary>
    public string? Detail { get; init; }

    /// <summary>For a question: whether the answer was right.</summary>
    public bool? IsCorrect { get; init; }

    /// <summary>The output tokens that came between the first delta and the end: reasoning that was not streamed came before it.</summary>
    public long StreamedTokens => Usage.OutputTokens - (HasReasoningDeltas ? 0 : Usage.ReasoningTokens);

    /// <summary>(E2E − TTFT-any) / (streamed tokens − 1); null for an answer of fewer than two tokens.</summary>
    public double? TimePerOutputToken =>
        Error is null && FirstDelta is { } first && StreamedTokens > 1 ? (EndToEnd - first) / (StreamedTokens - 1) : null;

    /// <summary>Streamed tokens / (E2E − TTFT-any).</summary>
    public double? TokensPerSecond =>
        Error is null && FirstDelta is { } first && StreamedTokens > 1 && EndToEnd > first ? StreamedTokens / (EndToEnd - first) : null;

    /// <summary>The JSON form; times in milliseconds.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["target"] = Target,
            ["phase"] = Phase.ToString(),
            ["index"] = Index,
            ["slot"] = Slot,
            ["intendedMs"] = Milliseconds(Intended),
            ["lagMs"] = Milliseconds(SendLag),
            ["ttfbMs"] = Milliseconds(Headers),
            ["ttftMs"] = Milliseconds(FirstDelta),
            ["ttftTextMs"] = Milliseconds(FirstText),
            ["e2eMs"] = Milliseconds(EndToEnd),
            ["usage"] = Usage.ToJson(),
            ["reasoningDeltas"] = HasReasoningDeltas,
        };
        json.With("cost", Cost).With("error", Error?.ToString()).With("detail", Detail);
        if (IsCorrect is { } correct)
        {
            json["correct"] = correct;
        }

        json["gapsMs"] = new JsonArray([.. Gaps.Select(gap => Milliseconds(gap))]);
        return json;
    }

    /// <summary>Reads <see cref="ToJson"/>'s form.</summary>
    /// <exception cref="JsonException">A member is missing or of another kind.</exception>
    public static CallSample FromJson(JsonElement element) => new()
    {
        Target = element.RequiredText("target"),
        Phase = element.RequiredEnum<CallPhase>("phase"),
        Index = (int)(element.Integer("index") ?? 0),
        Slot = (int)(element.Integer("slot") ?? 0),
        Intended = Seconds(element, "intendedMs") ?? 0,
        SendLag = Seconds(element, "lagMs") ?? 0,
        Headers = Seconds(element, "ttfbMs"),
        FirstDelta = Seconds(element, "ttftMs"),
        FirstText = Seconds(element, "ttftTextMs"),
        EndToEnd = Seconds(element, "e2eMs") ?? 0,
        Usage = element.Member("usage") is { } usage ? Usage.FromJson(usage) : Usage.Zero,
        HasReasoningDeltas = element.Flag("reasoningDeltas"),
        Cost = element.Amount("cost"),
        Error = element.Text("error") is null ? null : element.RequiredEnum<CallError>("error"),
        Detail = element.Text("detail"),
        IsCorrect = element.Member("correct") is { ValueKind: JsonValueKind.True or JsonValueKind.False } correct ? correct.GetBoolean() : null,
        Gaps = [.. element.Items("gapsMs").Select(gap => gap.GetDouble() / 1000)],
    };

    private static JsonValue? Milliseconds(double? seconds) =>
        seconds is { } known ? JsonValue.Create(Math.Round(known * 1000, 4)) : null;

    private static double? Seconds(JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() / 1000 : null;
}
