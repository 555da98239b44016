using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Benchmarks.Endpoints;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>
/// A baseline as a file for version control: what the gate compares, and the load that it was made with, in a stable order and
/// one value a line, so that a change of it can be read.
/// </summary>
/// <param name="Conditions">The load in words; only a run under the same is comparable.</param>
/// <param name="Targets">The targets.</param>
/// <param name="Correct">Questions answered right and asked, by target.</param>
public sealed record BaselineFile(string Conditions, IReadOnlyList<TargetSlots> Targets, IReadOnlyDictionary<string, (int Correct, int Asked)> Correct)
{
    private const string Kind = "agentops-endpoint-baseline";

    /// <summary>Makes a baseline of a run.</summary>
    public static BaselineFile Of(EndpointLoad load, IReadOnlyList<TargetSummary> targets, IReadOnlyCollection<CallSample> samples)
    {
        using var document = JsonDocument.Parse(load.ToJson().ToJsonString());
        return new BaselineFile(
            EndpointLoad.Conditions(document.RootElement),
            [.. targets.Select(target => TargetSummary.SlotsOf(target.Target, samples))],
            targets.ToDictionary(target => target.Target, target => (target.Correct, target.Questions), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="AgentOpsException"><c>BenchmarkBaselineInvalid</c>.</exception>
    public static BaselineFile Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            if (root.Text("kind") != Kind)
            {
                throw new JsonException("it is no baseline");
            }

            return new BaselineFile(
                root.RequiredText("conditions"),
                [.. root.Items("targets").Select(ReadTarget)],
                root.Items("targets").ToDictionary(
                    target => target.RequiredText("target"),
                    target => ((int)(target.Integer("correct") ?? 0), (int)(target.Integer("questions") ?? 0)),
                    StringComparer.OrdinalIgnoreCase));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new AgentOpsException(ErrorCodes.BenchmarkBaselineInvalid, $"'{path}' can't be read: {exception.Message}.", path, innerException: exception);
        }
    }

    /// <summary>The text of the file.</summary>
    public string Write()
    {
        var json = new JsonObject
        {
            ["kind"] = Kind,
            ["version"] = 1,
            ["conditions"] = Conditions,
            ["targets"] = new JsonArray(
            [
                .. Targets.OrderBy(target => target.Target, StringComparer.OrdinalIgnoreCase).Select(target =>
                {
                    var (correct, asked) = Correct.GetValueOrDefault(target.Target);
                    var node = new JsonObject
                    {
                        ["target"] = target.Target,
                        ["calls"] = target.Calls,
                        ["failures"] = target.Failures,
                        ["questions"] = asked,
                        ["correct"] = correct,
                    };
                    foreach (var metric in target.Metrics)
                    {
                        node[$"{metric.Metric}Ms"] = new JsonArray([.. metric.Medians.Select(median => JsonValue.Create(Math.Round(median * 1000, 4)))]);
                    }

                    return node;
                }),
            ]),
        };
        return json.ToJsonString(new JsonSerializerOptions { WriteIndented = true, TypeInfoResolver = null }).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>The target's baseline, for a run under the same load.</summary>
    /// <exception cref="AgentOpsException"><c>BenchmarkBaselineInvalid</c>: another load, or no such target in it.</exception>
    public TargetSlots Require(EndpointLoad load, string target)
    {
        using var document = JsonDocument.Parse(load.ToJson().ToJsonString());
        var conditions = EndpointLoad.Conditions(document.RootElement);
        if (conditions != Conditions)
        {
            throw new AgentOpsException(ErrorCodes.BenchmarkBaselineInvalid,
                $"The baseline was made with another load ({Conditions}) than this run ({conditions}); the two can't be compared.", target);
        }

        return Targets.FirstOrDefault(known => string.Equals(known.Target, target, StringComparison.OrdinalIgnoreCase))
            ?? throw new AgentOpsException(ErrorCodes.BenchmarkBaselineInvalid,
                $"The baseline has no target '{target}'; it has {string.Join(", ", Targets.Select(known => $"'{known.Target}'"))}.", target);
    }

    private static TargetSlots ReadTarget(JsonElement element) => new(
        element.RequiredText("target"),
        [.. TargetSummary.GatedMetrics.Select(metric => new MetricSlots(metric, [.. element.Items($"{metric}Ms").Select(value => value.GetDouble() / 1000)]))],
        (int)(element.Integer("calls") ?? 0),
        (int)(element.Integer("failures") ?? 0));
}
