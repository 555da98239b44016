using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Providers.Simulated;

/// <summary>
/// A script that a simulated model follows. Each turn plays one step: the first unused step whose <c>when</c> holds, else the
/// next unused step without a <c>when</c>; out of steps, <see cref="Final"/>. Which steps are used follows from the
/// conversation itself, so the same conversation always gets the same answer.
/// </summary>
public sealed record Scenario
{
    /// <summary>What a model without a scenario plays: it echoes the last question.</summary>
    public static Scenario Echo { get; } = new() { Steps = [new ScenarioStep { Say = "Echo: {{user}}", Repeat = true }] };

    /// <summary>The steps.</summary>
    public IReadOnlyList<ScenarioStep> Steps { get; init; } = [];

    /// <summary>What is said when the steps are used up.</summary>
    public string Final { get; init; } = "I have nothing more to do.";

    /// <summary>The time to the first token where a step says nothing else.</summary>
    public TimeSpan FirstToken { get; init; }

    /// <summary>The time between tokens where a step says nothing else.</summary>
    public TimeSpan PerToken { get; init; }

    /// <summary>The share of calls, 0 to 1, that fail with one of <see cref="RandomFaults"/>.</summary>
    public double FaultRate { get; init; }

    /// <summary>The faults drawn from.</summary>
    public IReadOnlyList<ScenarioFault> RandomFaults { get; init; } = [];

    /// <summary>The seed of what is drawn.</summary>
    public long Seed { get; init; }

    /// <summary>Reads a scenario: an object with <c>steps</c>, or the array of steps alone.</summary>
    /// <exception cref="AgentOpsException">A key is unknown or a value of the wrong kind.</exception>
    public static Scenario FromJson(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return new Scenario { Steps = ReadSteps(element) };
        }

        ScenarioJson.CheckKeys(element, "the scenario", "name", "steps", "final", "latency", "faults", "faultRate", "seed");
        var (first, perToken) = ScenarioJson.Latency(element);
        return new Scenario
        {
            Steps = element.Member("steps") is { } steps ? ReadSteps(steps) : [],
            Final = element.Text("final") ?? new Scenario().Final,
            FirstToken = first ?? TimeSpan.Zero,
            PerToken = perToken ?? TimeSpan.Zero,
            FaultRate = (double)(element.Amount("faultRate") ?? 0),
            RandomFaults = [.. element.Items("faults").Select(ScenarioFault.FromJson)],
            Seed = element.Integer("seed") ?? 0,
        };
    }

    /// <summary>Reads the <c>scenario</c> of a provider's options; <see cref="Echo"/> where there is none.</summary>
    public static Scenario FromOptions(JsonObject options)
    {
        if (options["scenario"] is not { } node)
        {
            return Echo;
        }

        using var document = JsonDocument.Parse(node.ToJsonString());
        return FromJson(document.RootElement.Clone());
    }

    private static ScenarioStep[] ReadSteps(JsonElement steps) => steps.ValueKind == JsonValueKind.Array
        ? [.. steps.EnumerateArray().Select(ScenarioStep.FromJson)]
        : throw ScenarioJson.Invalid("'steps' is no list");
}
