using System.Text.Json.Nodes;
using AgentOps.Engine.Providers.Simulated;

namespace AgentOps.Engine.Benchmarks.Agents.Simulation;

/// <summary>
/// A plan that is written out in a task: each step is <c>{call, arguments}</c>, done when it succeeded, and the last may be
/// <c>{say}</c>. Arguments may quote what tools answered, as scenarios do: <c>{{tool.Get-Service.patch}}</c>.
/// </summary>
internal sealed class ScriptedPlan(JsonArray steps) : IAgentPlan
{
    private const int TriesAtMost = 8;

    public AgentMove Next(Transcript transcript)
    {
        var done = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var step in steps.OfType<JsonObject>())
        {
            if (step.Text("call") is not { Length: > 0 } tool)
            {
                return new AgentMove(ScenarioTemplate.Fill(step.Text("say"), transcript.Messages, transcript.Turns));
            }

            var position = done[tool] = done.GetValueOrDefault(tool) + 1;
            if (transcript.Succeeded(tool) >= position)
            {
                continue;
            }

            var (refused, failed) = transcript.Errors(tool);
            return refused + failed >= TriesAtMost ? new AgentMove("It can't be done.") : new AgentMove(string.Empty, new PlannedCall(tool, Arguments(step, transcript)));
        }

        return new AgentMove("Done.");
    }

    private static JsonObject Arguments(JsonObject step, Transcript transcript) =>
        step["arguments"] is { } arguments
            ? JsonNode.Parse(ScenarioTemplate.Fill(arguments.ToJsonString(), transcript.Messages, transcript.Turns, insideJson: true)) as JsonObject ?? []
            : [];
}
