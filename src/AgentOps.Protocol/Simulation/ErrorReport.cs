namespace AgentOps.Protocol.Simulation;

/// <summary>Absolute percentage errors of one metric.</summary>
/// <param name="Runs">Runs that measured it.</param>
/// <param name="MeanPercent">Mean.</param>
/// <param name="MedianPercent">Median.</param>
public sealed record ErrorReport(int Runs, double MeanPercent, double MedianPercent);
