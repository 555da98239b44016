namespace AgentOps.Protocol.Simulation;

/// <summary>A stretch of load at one rate.</summary>
/// <param name="Duration">Seconds.</param>
/// <param name="Rate">Requests a second.</param>
public sealed record StageRequest(double Duration, double Rate);
