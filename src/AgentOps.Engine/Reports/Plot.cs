namespace AgentOps.Engine.Reports;

/// <summary>A plot.</summary>
/// <param name="Kind">How points are drawn.</param>
/// <param name="X">The label of the X axis, with its unit.</param>
/// <param name="Y">The label of the Y axis, with its unit.</param>
/// <param name="Series">What is drawn.</param>
public sealed record Plot(PlotKind Kind, string X, string Y, IReadOnlyList<PlotSeries> Series);
