using System.Text.Json.Serialization;

namespace AgentOps.Protocol;

/// <summary>How far a command is.</summary>
/// <param name="Activity">What is being done.</param>
/// <param name="Completed">Units done.</param>
/// <param name="Total">Units in all, 0 where unknown.</param>
/// <param name="SecondsLeft">Estimated seconds left, null where unknown.</param>
public sealed record ProgressLine(string Activity, long Completed, long Total, double? SecondsLeft)
{
    /// <summary>Always <c>progress</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "progress";
}
