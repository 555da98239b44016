using System.Text.Json;

namespace AgentOps.Engine.Providers.Simulated;

/// <summary>A scripted fault.</summary>
public sealed record ScenarioFault
{
    /// <summary>What goes wrong.</summary>
    public required ScenarioFaultKind Kind { get; init; }

    /// <summary>How many attempts of the turn it strikes before the turn plays; negative: all.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How long the caller is asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Over HTTP, how the wait is written: <c>seconds</c>, <c>milliseconds</c>, <c>date</c>, <c>duration</c> or <c>none</c>.</summary>
    public string Header { get; init; } = "seconds";

    /// <summary>For a stall, a torn stream or an error in mid-stream: the pieces of the answer that come before it.</summary>
    public int After { get; init; } = 1;

    /// <summary>Reads a fault: an object, or the bare name of its kind.</summary>
    public static ScenarioFault FromJson(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return new ScenarioFault { Kind = ReadKind(element.GetString()!) };
        }

        ScenarioJson.CheckKeys(element, "a fault", "kind", "times", "retryAfterMs", "header", "after");
        var header = element.Text("header") ?? "seconds";
        return new ScenarioFault
        {
            Kind = ReadKind(element.Text("kind") ?? throw ScenarioJson.Invalid("a fault has no 'kind'")),
            Times = (int)Math.Clamp(element.Integer("times") ?? 1, -1, int.MaxValue),
            RetryAfter = element.Integer("retryAfterMs") is { } wait ? TimeSpan.FromMilliseconds(wait) : null,
            Header = header is "seconds" or "milliseconds" or "date" or "duration" or "none"
                ? header
                : throw ScenarioJson.Invalid($"a fault's header '{header}' is none of seconds, milliseconds, date, duration, none"),
            After = (int)Math.Clamp(element.Integer("after") ?? 1, 0, int.MaxValue),
        };
    }

    private static ScenarioFaultKind ReadKind(string text) => text switch
    {
        "rate-limit" => ScenarioFaultKind.RateLimit,
        "quota" => ScenarioFaultKind.Quota,
        "overloaded" => ScenarioFaultKind.Overloaded,
        "server-error" => ScenarioFaultKind.ServerError,
        "authentication" => ScenarioFaultKind.Authentication,
        "invalid-request" => ScenarioFaultKind.InvalidRequest,
        "content-filter" => ScenarioFaultKind.ContentFilter,
        "context-length" => ScenarioFaultKind.ContextLength,
        "stall" => ScenarioFaultKind.Stall,
        "torn-stream" => ScenarioFaultKind.TornStream,
        "stream-error" => ScenarioFaultKind.StreamError,
        "malformed-arguments" => ScenarioFaultKind.MalformedArguments,
        _ => throw ScenarioJson.Invalid($"the fault '{text}' is unknown; known: rate-limit, quota, overloaded, server-error, "
            + "authentication, invalid-request, content-filter, context-length, stall, torn-stream, stream-error, malformed-arguments"),
    };
}
