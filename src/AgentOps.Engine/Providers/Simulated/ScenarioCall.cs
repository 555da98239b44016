using System.Text.Json;

namespace AgentOps.Engine.Providers.Simulated;

/// <summary>A scripted tool call.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="ArgumentsJson">The arguments; <c>{{…}}</c> inside texts is filled in.</param>
public sealed record ScenarioCall(string Tool, string ArgumentsJson)
{
    /// <summary>Reads <c>{tool, arguments}</c>; arguments given as text are taken as they are, malformed or not.</summary>
    public static ScenarioCall FromJson(JsonElement element)
    {
        ScenarioJson.CheckKeys(element, "a call", "tool", "arguments");
        var tool = element.Text("tool") ?? throw ScenarioJson.Invalid("a call has no 'tool'");
        return new ScenarioCall(tool, element.Member("arguments") switch
        {
            null => "{}",
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { } arguments => arguments.GetRawText(),
        });
    }
}
