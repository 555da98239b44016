using System.Globalization;
using System.Xml.Linq;
using AgentOps.Engine.Reports;

namespace AgentOps.Engine.Tests.Reports;

public sealed class HtmlReportTests
{
    private const string Hostile = "<script>alert(1)</script>\" onload='x' & \u0001]]>";

    private static string Page(Plot? plot) => HtmlReport.Write(new Report(Hostile, DateTimeOffset.UnixEpoch,
        [new ReportSection(Hostile, Hostile, plot, new ReportTable([Hostile, "number"], [[Hostile, "1,234.5"]]))]));

    private static Plot Of(PlotKind kind, params PlotPoint[] points) => new(kind, Hostile, Hostile, [new PlotSeries(Hostile, points), new PlotSeries("front", points) { IsFront = kind == PlotKind.Scatter }]);

    [Fact]
    public void Nothing_from_outside_becomes_markup()
    {
        foreach (var kind in Enum.GetValues<PlotKind>())
        {
            var page = Page(Of(kind, new PlotPoint(1, 2, Hostile), new PlotPoint(3, 1, Hostile)));
            Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(" onload='", page, StringComparison.Ordinal);
            Assert.DoesNotContain('\u0001', page);
            // Every picture is well-formed by itself.
            for (var at = page.IndexOf("<svg", StringComparison.Ordinal); at >= 0; at = page.IndexOf("<svg", at + 1, StringComparison.Ordinal))
            {
                XElement.Parse(page[at..(page.IndexOf("</svg>", at, StringComparison.Ordinal) + 6)]);
            }
        }
    }

    [Fact]
    public void The_page_asks_for_nothing()
    {
        var page = Page(Of(PlotKind.Line, new PlotPoint(0, 0), new PlotPoint(1, 1)));
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        foreach (var request in new[] { "http://", "https://", " src=", "url(", "@import", "<link" })
        {
            Assert.DoesNotContain(request, page, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Every_picture_has_a_name_and_every_table_headings()
    {
        var page = Page(Of(PlotKind.Bar, new PlotPoint(0, 5, "a"), new PlotPoint(1, 0, "b")));
        Assert.Contains("role=\"img\" aria-labelledby=\"s0-t s0-d\"", page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"col\" class=\"n\">number</th>", page, StringComparison.Ordinal);
        Assert.Contains("<caption>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Odd_data_stay_in_the_picture()
    {
        PlotPoint[][] odd = [[], [new(0, 0)], [new(5, 5), new(5, 5)], [new(-3, -7), new(1e9, 1e-9)], [new(1e-7, 3e-7), new(2e-7, 1e-7)]];
        foreach (var points in odd)
        {
            foreach (var kind in Enum.GetValues<PlotKind>())
            {
                var page = Page(Of(kind, points));
                Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
                Assert.DoesNotContain("∞", page, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(0, 97.3)]
    [InlineData(0.0012, 0.0071)]
    [InlineData(-5, 5)]
    [InlineData(1_000_000, 1_234_567)]
    [InlineData(3, 3)]
    public void Ticks_are_round_and_hold_the_data(double low, double high)
    {
        var scale = new PlotScale([low, high], false, 100, 200);
        var marks = scale.Marks().ToArray();
        Assert.InRange(marks.Length, 2, 12);
        Assert.Equal((100, 200), (Math.Round(marks[0].Pixel, 6), Math.Round(marks[^1].Pixel, 6)));
        Assert.InRange(scale.At(low), 99.999, 200.001);
        Assert.InRange(scale.At(high), 99.999, 200.001);
        Assert.All(marks, mark => Assert.Equal(mark.Pixel, scale.At(double.Parse(mark.Text, NumberStyles.Any, CultureInfo.InvariantCulture)), 0.5));
    }

    [Fact]
    public void The_front_is_what_nothing_beats()
    {
        var random = new Random(5);
        for (var round = 0; round < 100; round++)
        {
            var points = Enumerable.Range(0, random.Next(1, 30)).Select(index => new PlotPoint(random.Next(8), random.Next(8), $"{index}")).ToArray();
            foreach (var higher in new[] { true, false })
            {
                var front = ParetoFront.Of(points, higher);
                bool Beats(PlotPoint a, PlotPoint b) => a.X <= b.X && (higher ? a.Y >= b.Y : a.Y <= b.Y) && (a.X < b.X || a.Y != b.Y);
                Assert.All(front, best => Assert.DoesNotContain(points, other => Beats(other, best)));
                Assert.All(points, point => Assert.True(points.Any(other => Beats(other, point)) || front.Any(best => best.X == point.X && best.Y == point.Y)));
            }
        }
    }
}
