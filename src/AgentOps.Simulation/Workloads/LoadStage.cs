namespace AgentOps.Simulation.Workloads;

/// <summary>A stretch of load at one rate.</summary>
/// <param name="Duration">How long.</param>
/// <param name="Rate">Requests a second.</param>
public sealed record LoadStage(TimeSpan Duration, double Rate);
