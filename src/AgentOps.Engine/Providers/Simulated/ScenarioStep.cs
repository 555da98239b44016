using System.Text.Json;

namespace AgentOps.Engine.Providers.Simulated;

/// <summary>One turn of a scenario.</summary>
public sealed record ScenarioStep
{
    /// <summary>When it is played; null: in its order.</summary>
    public ScenarioCondition? When { get; init; }

    /// <summary>The text that is said, with <c>{{…}}</c> filled in: <c>tool.NAME.path</c>, <c>user</c>, <c>turn</c>.</summary>
    public string? Say { get; init; }

    /// <summary>The reasoning that is shown.</summary>
    public string? Reason { get; init; }

    /// <summary>The tool calls that are proposed, all at once.</summary>
    public IReadOnlyList<ScenarioCall> Calls { get; init; } = [];

    /// <summary>The usage reported; null: estimated from the text.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The stop reason; null: as follows from the calls.</summary>
    public StopReason? Stop { get; init; }

    /// <summary>The time to the first token; null: the scenario's.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>The time between tokens; null: the scenario's.</summary>
    public TimeSpan? PerToken { get; init; }

    /// <summary>What goes wrong.</summary>
    public ScenarioFault? Fault { get; init; }

    /// <summary>May be played any number of times.</summary>
    public bool Repeat { get; init; }

    /// <summary>Reads a step.</summary>
    public static ScenarioStep FromJson(JsonElement element)
    {
        ScenarioJson.CheckKeys(element, "a step",
            "when", "say", "reason", "call", "usage", "stop", "latency", "fault", "repeat");
        var (first, perToken) = ScenarioJson.Latency(element);
        return new ScenarioStep
        {
            When = element.Member("when") is { } when ? ScenarioCondition.FromJson(when) : null,
            Say = element.Text("say"),
            Reason = element.Text("reason"),
            Calls = element.Member("call") switch
            {
                null => [],
                { ValueKind: JsonValueKind.Array } calls => [.. calls.EnumerateArray().Select(ScenarioCall.FromJson)],
                { } call => [ScenarioCall.FromJson(call)],
            },
            Usage = element.Member("usage") is { } usage ? ScenarioJson.ReadUsage(usage) : null,
            Stop = element.Text("stop") is { } stop ? ScenarioJson.ReadStop(stop) : null,
            FirstToken = first,
            PerToken = perToken,
            Fault = element.Member("fault") is { } fault ? ScenarioFault.FromJson(fault) : null,
            Repeat = element.Flag("repeat"),
        };
    }
}
