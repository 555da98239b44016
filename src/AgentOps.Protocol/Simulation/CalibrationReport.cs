using System.Text.Json.Serialization;

namespace AgentOps.Protocol.Simulation;

/// <summary>Coefficients fitted to a site; a line of type <c>result</c>.</summary>
/// <param name="Runs">Runs they were fitted on.</param>
/// <param name="Coefficients">Each coefficient by its name in <c>latency.yaml</c>.</param>
/// <param name="Before">Errors by metric with the coefficients that were there.</param>
/// <param name="After">Errors by metric with the fitted ones, on the same runs.</param>
/// <param name="File">The file written; null for none.</param>
public sealed record CalibrationReport(
    int Runs,
    IReadOnlyDictionary<string, double> Coefficients,
    IReadOnlyDictionary<string, ErrorReport> Before,
    IReadOnlyDictionary<string, ErrorReport> After,
    string? File)
{
    /// <summary>Always <c>result</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "result";
}
