using System.Text.Json;

namespace AgentOps.Engine.Providers.Simulated;

/// <summary>When a step is played: every member that is given must hold.</summary>
public sealed record ScenarioCondition
{
    /// <summary>The number of the turn, from 1: one more than the answers so far in the conversation.</summary>
    public long? Turn { get; init; }

    /// <summary>Found, in any case, in what came since the last answer: the question or the tools' results.</summary>
    public string? Contains { get; init; }

    /// <summary>A result of this tool came since the last answer.</summary>
    public string? Tool { get; init; }

    /// <summary>A result that came since the last answer is, or isn't, an error or a refusal.</summary>
    public bool? Error { get; init; }

    /// <summary>Reads an object of the members, a bare number for the turn, or a bare text for what is contained.</summary>
    public static ScenarioCondition FromJson(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return new ScenarioCondition { Contains = element.GetString() };
            case JsonValueKind.Number when element.TryGetInt64(out var turn):
                return new ScenarioCondition { Turn = turn };
            default:
                ScenarioJson.CheckKeys(element, "a step's 'when'", "turn", "contains", "tool", "error");
                return new ScenarioCondition
                {
                    Turn = element.Integer("turn"),
                    Contains = element.Text("contains"),
                    Tool = element.Text("tool"),
                    Error = element.Member("error") is { ValueKind: JsonValueKind.True or JsonValueKind.False } error
                        ? error.GetBoolean()
                        : null,
                };
        }
    }

    internal bool Holds(int turn, ReadOnlySpan<Message> sinceLastAnswer)
    {
        if (Turn is { } wanted && wanted != turn)
        {
            return false;
        }

        var contains = Contains is null;
        var tool = Tool is null;
        var error = Error is null;
        foreach (var message in sinceLastAnswer)
        {
            foreach (var part in message.Parts)
            {
                if (part is ToolResultPart result)
                {
                    tool |= result.Name == Tool;
                    error |= result.IsError == Error && (Tool is null || result.Name == Tool);
                }

                contains = contains || (message.Role is not MessageRole.System && part switch
                {
                    TextPart text => text.Text.Contains(Contains!, StringComparison.OrdinalIgnoreCase),
                    ToolResultPart output => output.Content.Contains(Contains!, StringComparison.OrdinalIgnoreCase),
                    _ => false,
                });
            }
        }

        return contains && tool && error;
    }
}
