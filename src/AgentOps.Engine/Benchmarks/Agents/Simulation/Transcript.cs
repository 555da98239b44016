using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Benchmarks.Agents.Simulation;

/// <summary>A conversation as a simulated model reads it.</summary>
internal sealed class Transcript
{
    private const string Refusal = "Refused";

    private readonly List<(ToolCallPart Call, ToolResultPart Result)> _exchanges = [];

    public Transcript(IReadOnlyList<Message> messages)
    {
        Messages = messages;
        var open = new Dictionary<string, ToolCallPart>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            Turns += message.Role == MessageRole.Assistant ? 1 : 0;
            foreach (var part in message.Parts)
            {
                if (part is ToolCallPart call)
                {
                    open[call.Id] = call;
                }
                else if (part is ToolResultPart result && open.TryGetValue(result.CallId, out var asked))
                {
                    _exchanges.Add((asked, result));
                }
            }
        }
    }

    /// <summary>The conversation.</summary>
    public IReadOnlyList<Message> Messages { get; }

    /// <summary>How often the model spoke.</summary>
    public int Turns { get; }

    /// <summary>The model's last calls; none when it made none.</summary>
    public IEnumerable<ToolCallPart> LastCalls => Messages.LastOrDefault(message => message.Role == MessageRole.Assistant)?.Parts.OfType<ToolCallPart>() ?? [];

    /// <summary>What tools answered since the model last spoke.</summary>
    public IEnumerable<ToolResultPart> News => Messages[^1].Parts.OfType<ToolResultPart>();

    /// <summary>What a tool answered to calls that succeeded, newest first.</summary>
    public IEnumerable<(JsonObject Arguments, JsonObject Output)> Answers(string tool)
    {
        for (var i = _exchanges.Count - 1; i >= 0; i--)
        {
            var (call, result) = _exchanges[i];
            if (call.Name == tool && !result.IsError && JsonNode.Parse(call.ArgumentsJson) is JsonObject arguments && TryObject(result.Content) is { } output)
            {
                yield return (arguments, output);
            }
        }
    }

    /// <summary>How many calls of a tool succeeded.</summary>
    public int Succeeded(string tool) => _exchanges.Count(exchange => exchange.Call.Name == tool && !exchange.Result.IsError);

    /// <summary>How many calls of a tool did not, and why: refused before, or failed at, the tool.</summary>
    public (int Refused, int Failed) Errors(string tool)
    {
        var errors = _exchanges.Where(exchange => exchange.Call.Name == tool && exchange.Result.IsError).ToArray();
        var refused = errors.Count(exchange => exchange.Result.Content.StartsWith(Refusal, StringComparison.Ordinal));
        return (refused, errors.Length - refused);
    }

    private static JsonObject? TryObject(string content)
    {
        try
        {
            return JsonNode.Parse(content) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
