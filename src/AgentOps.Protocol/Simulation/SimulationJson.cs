using System.Text.Json.Serialization;

namespace AgentOps.Protocol.Simulation;

/// <summary>How simulation requests and results are written; unknown fields of a request are refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SimulationRequest))]
[JsonSerializable(typeof(SimulationReport))]
[JsonSerializable(typeof(IReadOnlyList<SimulationReport>))]
[JsonSerializable(typeof(ValidationRow))]
[JsonSerializable(typeof(ValidationSummary))]
[JsonSerializable(typeof(ValidationReport))]
[JsonSerializable(typeof(CalibrationReport))]
[JsonSerializable(typeof(PlanReport))]
public sealed partial class SimulationJson : JsonSerializerContext;
