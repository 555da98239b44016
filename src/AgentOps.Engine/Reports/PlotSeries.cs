namespace AgentOps.Engine.Reports;

/// <summary>Points that belong together.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Points">In the order of X, where they are joined.</param>
public sealed record PlotSeries(string Name, IReadOnlyList<PlotPoint> Points)
{
    /// <summary>In a scatter plot: the points are joined, as the best that can be had.</summary>
    public bool IsFront { get; init; }
}
