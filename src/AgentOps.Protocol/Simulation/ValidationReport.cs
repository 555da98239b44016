namespace AgentOps.Protocol.Simulation;

/// <summary>All of a validation as one document.</summary>
/// <param name="Rows">A row a run.</param>
/// <param name="Summary">Errors over all runs.</param>
public sealed record ValidationReport(IReadOnlyList<ValidationRow> Rows, ValidationSummary Summary);
