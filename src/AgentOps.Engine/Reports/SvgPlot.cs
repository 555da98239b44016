using System.Globalization;
using System.Text;

namespace AgentOps.Engine.Reports;

/// <summary>Draws a plot as inline SVG. Colours and dashes are classes of the page's style, so that it follows light and dark.</summary>
internal static class SvgPlot
{
    private const double Width = 760;
    private const double Left = 76;
    private const double Right = 18;
    private const double Top = 14;
    private const double Bottom = 54;
    private const double Height = 400;
    private const double BarHeight = 26;
    private const double BarLeft = 200;
    private const int LongestName = 28;

    /// <summary>Styles that the page has; further series begin anew.</summary>
    public const int Styles = 6;

    /// <summary>Draws.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="id">Unique in the page.</param>
    /// <param name="title">Read out instead of the picture.</param>
    public static string Draw(Plot plot, string id, string title)
    {
        var svg = new StringBuilder();
        var height = plot.Kind == PlotKind.Bar ? Top + Bottom + (BarHeight * plot.Series.Sum(series => series.Points.Count)) : Height;
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {height:0}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">");
        svg.Append(CultureInfo.InvariantCulture, $"<title id=\"{id}-t\">{Text(title)}</title><desc id=\"{id}-d\">{Text($"{plot.Y} against {plot.X}; {plot.Series.Count} series: {string.Join(", ", plot.Series.Select(series => series.Name))}. The numbers are in the table below.")}</desc>");
        if (plot.Kind == PlotKind.Bar)
        {
            Bars(svg, plot, height);
        }
        else
        {
            Points(svg, plot);
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>A sample of a series' line and mark, for the legend.</summary>
    public static string Sample(PlotKind kind, int style, bool isFront)
    {
        var line = kind is PlotKind.Line or PlotKind.Step || isFront ? $"<path class=\"line s{style % Styles}{(isFront ? " front" : "")}\" d=\"M2 8H34\"/>" : "";
        var mark = kind is PlotKind.Scatter && !isFront ? Mark(style, 18, 8, null) : "";
        var bar = kind is PlotKind.Bar ? $"<rect class=\"fill s{style % Styles}\" x=\"8\" y=\"3\" width=\"20\" height=\"10\"/>" : "";
        return $"<svg class=\"sample\" viewBox=\"0 0 36 16\" aria-hidden=\"true\">{line}{mark}{bar}</svg>";
    }

    private static void Points(StringBuilder svg, Plot plot)
    {
        var all = plot.Series.SelectMany(series => series.Points).ToArray();
        var x = new PlotScale(all.Select(point => point.X), true, Left, Width - Right);
        var y = new PlotScale(all.Select(point => point.Y), plot.Kind != PlotKind.Scatter, Height - Bottom, Top);
        foreach (var (at, text) in y.Marks())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left} {at:0.#}H{Width - Right}\"/><text class=\"tick\" x=\"{Left - 8}\" y=\"{at + 4:0.#}\" text-anchor=\"end\">{text}</text>");
        }

        foreach (var (at, text) in x.Marks())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{at:0.#} {Top}V{Height - Bottom}\"/><text class=\"tick\" x=\"{at:0.#}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{text}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"axis\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">{Text(plot.X)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"axis\" transform=\"translate(16 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Text(plot.Y)}</text>");
        for (var style = 0; style < plot.Series.Count; style++)
        {
            var series = plot.Series[style];
            if (series.Points.Count > 1 && (plot.Kind != PlotKind.Scatter || series.IsFront))
            {
                svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line s{style % Styles}{(series.IsFront ? " front" : "")}\" d=\"{Path(series, plot.Kind == PlotKind.Step, x, y)}\"/>");
            }

            if (!series.IsFront && (plot.Kind == PlotKind.Scatter || series.Points.Count == 1))
            {
                foreach (var point in series.Points)
                {
                    svg.Append(Mark(style, x.At(point.X), y.At(point.Y), $"{point.Label ?? series.Name}: {Number(point.X)}, {Number(point.Y)}"));
                    if (point.Label is not null)
                    {
                        // A name that would leave the picture on the right is written to the left of its mark.
                        var isFarRight = x.At(point.X) > Width - 180;
                        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{x.At(point.X) + (isFarRight ? -9 : 9):0.#}\" y=\"{y.At(point.Y) - 7:0.#}\"{(isFarRight ? " text-anchor=\"end\"" : "")}>{Text(Shorten(point.Label))}</text>");
                    }
                }
            }
        }
    }

    private static string Path(PlotSeries series, bool isStep, PlotScale x, PlotScale y)
    {
        var path = new StringBuilder();
        foreach (var point in series.Points)
        {
            var (px, py) = (x.At(point.X), y.At(point.Y));
            path.Append(path.Length == 0
                ? string.Create(CultureInfo.InvariantCulture, $"M{px:0.#} {py:0.#}")
                : isStep ? string.Create(CultureInfo.InvariantCulture, $"H{px:0.#}V{py:0.#}") : string.Create(CultureInfo.InvariantCulture, $"L{px:0.#} {py:0.#}"));
        }

        return path.ToString();
    }

    private static void Bars(StringBuilder svg, Plot plot, double height)
    {
        var x = new PlotScale(plot.Series.SelectMany(series => series.Points).Select(point => point.Y).Append(0), true, BarLeft, Width - Right - 40);
        foreach (var (at, text) in x.Marks())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{at:0.#} {Top}V{height - Bottom:0}\"/><text class=\"tick\" x=\"{at:0.#}\" y=\"{height - Bottom + 18:0}\" text-anchor=\"middle\">{text}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"axis\" x=\"{(BarLeft + Width - Right) / 2}\" y=\"{height - 10:0}\" text-anchor=\"middle\">{Text(plot.Y)}</text>");
        var row = 0;
        for (var style = 0; style < plot.Series.Count; style++)
        {
            foreach (var point in plot.Series[style].Points)
            {
                var at = Top + (BarHeight * row++);
                svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{BarLeft - 8}\" y=\"{at + 17:0.#}\" text-anchor=\"end\">{Text(Shorten(point.Label ?? ""))}</text>");
                svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"fill s{style % Styles}\" x=\"{BarLeft}\" y=\"{at + 4:0.#}\" width=\"{Math.Max(1, x.At(point.Y) - BarLeft):0.#}\" height=\"{BarHeight - 8}\"><title>{Text($"{point.Label}: {Number(point.Y)}")}</title></rect>");
                svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{x.At(point.Y) + 6:0.#}\" y=\"{at + 17:0.#}\">{Number(point.Y)}</text>");
            }
        }
    }

    // Shapes differ as well as colours.
    private static string Mark(int style, double x, double y, string? title)
    {
        var shape = (style % 3) switch
        {
            0 => "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0 -5 0Z",
            1 => "M-5 -5H5V5H-5Z",
            _ => "M0 -6L6 5H-6Z",
        };
        return string.Create(CultureInfo.InvariantCulture, $"<path class=\"fill s{style % Styles}\" transform=\"translate({x:0.#} {y:0.#})\" d=\"{shape}\">{(title is null ? "" : $"<title>{Text(title)}</title>")}</path>");
    }

    private static string Number(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);

    private static string Shorten(string text) => text.Length <= LongestName ? text : text[..(LongestName - 1)] + "…";

    private static string Text(string text) => HtmlReport.Text(text);
}
