namespace AgentOps.Engine.Reports;

/// <summary>The points that no other point beats in both directions.</summary>
public static class ParetoFront
{
    /// <summary>Finds the front, in the order of X. A smaller X is better.</summary>
    /// <param name="points">The points.</param>
    /// <param name="higherIsBetter">Whether a larger Y is better, else a smaller one.</param>
    public static IReadOnlyList<PlotPoint> Of(IEnumerable<PlotPoint> points, bool higherIsBetter)
    {
        var sign = higherIsBetter ? 1 : -1;
        var front = new List<PlotPoint>();
        foreach (var point in points.OrderBy(point => point.X).ThenByDescending(point => sign * point.Y))
        {
            if (front.Count == 0 || sign * point.Y > sign * front[^1].Y)
            {
                front.Add(point);
            }
        }

        return front;
    }
}
