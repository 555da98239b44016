using System.Globalization;
using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Routing;

/// <summary>Says in words how a route chose, for the administrator.</summary>
internal static class RouteText
{
    /// <summary>Adds to a record what the prompt is about, and which quality was predicted of the chosen target and from what, where that is known.</summary>
    public static JsonObject WithQuality(this JsonObject data, RouteDecision decision)
    {
        var chosen = decision.Candidates.FirstOrDefault(candidate => candidate.Selected);
        return data
            .With("domain", decision.Domains is { } domains ? PromptDomains.NameOf(domains.Most) : null)
            .With("quality", chosen?.PredictedQuality)
            .With("qualitySource", chosen?.QualitySource);
    }

    /// <summary>One sentence: what was chosen and why, what comes next, what was rejected and why, what was set aside.</summary>
    public static string Describe(RouteDecision decision, decimal reservation)
    {
        var chosen = decision.Candidates.FirstOrDefault(candidate => candidate.Selected);
        IEnumerable<string?> parts =
        [
            chosen is null
                ? $"route {decision.Route} has no target for this prompt"
                : $"route {decision.Route} ({decision.Objective}) takes {chosen.Target}: {chosen.Reason}",
            decision.Domains is { } domains ? $"the prompt is about {domains}" : null,
            chosen?.PredictedQuality is { } quality ? string.Create(CultureInfo.InvariantCulture, $"predicted quality {quality:0.##}: {chosen.QualitySource}") : null,
            .. decision.Candidates.Where(candidate => !candidate.Selected && candidate.Rank > 0).Select(candidate => $"then {candidate.Target}: {candidate.Reason}"),
            .. decision.Candidates.Where(candidate => candidate.Rank == 0).Select(candidate => $"not {candidate.Target}: {candidate.Reason}"),
            reservation > 0 ? string.Create(CultureInfo.InvariantCulture, $"${reservation:0.######} set aside") : null,
        ];
        return string.Join("; ", parts.OfType<string>());
    }
}
