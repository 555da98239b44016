namespace AgentOps.Engine.Routing.Quality;

/// <summary>
/// The best that can be had of ways to route: the non-decreasing convex hull of their points of cost and quality. What lies
/// between two points is had by mixing them at random. As in RouterBench (Hu et al., 2024, arXiv:2403.12031).
/// </summary>
internal sealed class CostFrontier
{
    private readonly List<FrontierPoint> _points = [];

    /// <summary>Makes the hull of points.</summary>
    public CostFrontier(IEnumerable<FrontierPoint> points)
    {
        foreach (var point in points.OrderBy(point => point.Cost).ThenByDescending(point => point.Quality))
        {
            if (_points.Count > 0 && point.Quality <= _points[^1].Quality)
            {
                continue;
            }

            while (_points.Count > 1 && Slope(_points[^1], point) >= Slope(_points[^2], _points[^1]))
            {
                _points.RemoveAt(_points.Count - 1);
            }

            _points.Add(point);
        }
    }

    /// <summary>The cheapest point of at least a quality; null where it isn't reached.</summary>
    public FrontierPoint? At(double quality)
    {
        const double Rounding = 1e-12;
        for (var place = 0; place < _points.Count; place++)
        {
            var point = _points[place];
            if (point.Quality >= quality - Rounding)
            {
                if (place == 0)
                {
                    return point;
                }

                var before = _points[place - 1];
                var share = Math.Clamp((quality - before.Quality) / (point.Quality - before.Quality), 0, 1);
                return new FrontierPoint(
                    before.Cost + (share * (point.Cost - before.Cost)), quality, before.StrongCalls + (share * (point.StrongCalls - before.StrongCalls)));
            }
        }

        return null;
    }

    /// <summary>
    /// The mean quality over the costs between two bounds (average improvement in quality, AIQ): the first point's left of it, the
    /// last one's right of it.
    /// </summary>
    public double MeanQuality(double least, double most)
    {
        var (area, from) = (0.0, least);
        for (var place = 0; place < _points.Count && from < most; place++)
        {
            var until = Math.Clamp(_points[place].Cost, from, most);
            area += (until - from) * (QualityAt(from, place) + QualityAt(until, place)) / 2;
            from = until;
        }

        return (area + ((most - from) * _points[^1].Quality)) / (most - least);
    }

    private double QualityAt(double cost, int place) => place == 0
        ? _points[0].Quality
        : _points[place - 1].Quality + ((cost - _points[place - 1].Cost) * Slope(_points[place - 1], _points[place]));

    private static double Slope(FrontierPoint from, FrontierPoint to) => (to.Quality - from.Quality) / (to.Cost - from.Cost);
}
