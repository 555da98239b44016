using System.Globalization;
using AgentOps.Engine.Reports;

namespace AgentOps.Reports;

/// <summary>A section that shows choices by two figures, and which of them are beaten by no other.</summary>
internal static class FrontSection
{
    public static ReportSection Of(string title, string note, string x, string y, string what, IReadOnlyList<PlotPoint> points, bool higherIsBetter)
    {
        var front = ParetoFront.Of(points, higherIsBetter);
        return new ReportSection(
            title,
            note,
            new Plot(PlotKind.Scatter, x, y, [new PlotSeries(what, points), new PlotSeries("Pareto front", front) { IsFront = true }]),
            new ReportTable(
                [what, x, y, "On the front"],
                [
                    .. points.OrderBy(point => point.X).Select(point => (IReadOnlyList<string>)
                    [
                        point.Label ?? "",
                        point.X.ToString("0.######", CultureInfo.InvariantCulture),
                        point.Y.ToString("0.####", CultureInfo.InvariantCulture),
                        front.Contains(point) ? "yes" : "no",
                    ]),
                ]));
    }
}
