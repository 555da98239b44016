namespace AgentOps.Engine.Reports;

/// <summary>A point of a plot; both numbers are finite.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Upwards.</param>
/// <param name="Label">Its name, where it has one.</param>
public sealed record PlotPoint(double X, double Y, string? Label = null);
