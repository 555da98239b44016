using System.Text.Json.Serialization;

namespace AgentOps.Protocol.Simulation;

/// <summary>How far simulations are from what was measured; a line of type <c>result</c>.</summary>
public sealed record ValidationSummary
{
    /// <summary>Always <c>result</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "result";

    /// <summary>Runs compared.</summary>
    public required int Runs { get; init; }

    /// <summary>Errors by metric.</summary>
    public required IReadOnlyDictionary<string, ErrorReport> Metrics { get; init; }
}
