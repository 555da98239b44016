using System.Globalization;
using System.Net;
using System.Text;

namespace AgentOps.Engine.Reports;

/// <summary>
/// Writes a report as one HTML file that needs nothing else: no script, no font, no request. The policy in it forbids them all, so
/// that text from outside can't do more than be read.
/// </summary>
public static class HtmlReport
{
    private const string Style = """
        :root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#57606a;--rule:#d8dee4;--band:#f6f8fa;
        --c0:#0969da;--c1:#bc4c00;--c2:#1a7f37;--c3:#8250df;--c4:#bf3989;--c5:#4d5560}
        @media (prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#e6edf3;--soft:#9da7b3;--rule:#30363d;--band:#161b22;
        --c0:#58a6ff;--c1:#f0883e;--c2:#56d364;--c3:#bc8cff;--c4:#ff7bb8;--c5:#b1bac4}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 3rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        h1{margin:0 0 .25rem;font-size:1.7rem;line-height:1.25}h2{margin:2.5rem 0 .25rem;font-size:1.25rem}
        p{margin:.25rem 0 .75rem;color:var(--soft);max-width:48rem}a{color:var(--c0)}nav ul{padding-left:1.2rem}
        figure{margin:0}svg{width:100%;height:auto;display:block}
        .grid{stroke:var(--rule);fill:none}.tick{fill:var(--soft);font-size:12px}.axis{fill:var(--ink);font-size:13px}
        .line{fill:none;stroke:var(--c);stroke-width:2}.fill{fill:var(--c)}.front{stroke-dasharray:6 4;stroke-width:1.5}
        .s0{--c:var(--c0)}.s1{--c:var(--c1)}.s2{--c:var(--c2)}.s3{--c:var(--c3)}.s4{--c:var(--c4)}.s5{--c:var(--c5)}
        .line.s1{stroke-dasharray:9 3}.line.s2{stroke-dasharray:5 2}.line.s3{stroke-dasharray:12 3 3 3}.line.s4{stroke-dasharray:2 2}.line.s5{stroke-dasharray:2 4}
        .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:.25rem 0 0;padding:0}.legend li{display:flex;align-items:center;gap:.4rem}
        .sample{width:36px;height:16px}.scroll{overflow-x:auto;margin-top:.75rem;border:1px solid var(--rule);border-radius:6px}
        table{border-collapse:collapse;width:100%;font-size:.875rem}caption{text-align:left;padding:.5rem .75rem;color:var(--soft)}
        th,td{padding:.35rem .75rem;text-align:left;border-top:1px solid var(--rule);white-space:nowrap}thead th{background:var(--band)}
        tbody th{font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums}
        summary{cursor:pointer;padding:.4rem 0;color:var(--c0)}:focus-visible{outline:2px solid var(--c0);outline-offset:2px}
        @media print{details>*{display:block}.scroll{overflow:visible}}
        """;

    private const int LongTable = 12;

    /// <summary>The whole page.</summary>
    public static string Write(Report report)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.Append(CultureInfo.InvariantCulture, $"<title>{Text(report.Title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<main>\n<h1>{Text(report.Title)}</h1>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p>Made <time datetime=\"{report.Created.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\">{report.Created.UtcDateTime:yyyy-MM-dd HH:mm} UTC</time> by AgentOps.</p>\n");
        if (report.Sections.Count > 1)
        {
            html.Append("<nav aria-label=\"Sections\"><ul>\n");
            for (var index = 0; index < report.Sections.Count; index++)
            {
                html.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#s{index}\">{Text(report.Sections[index].Title)}</a></li>\n");
            }

            html.Append("</ul></nav>\n");
        }

        for (var index = 0; index < report.Sections.Count; index++)
        {
            Write(html, report.Sections[index], FormattableString.Invariant($"s{index}"));
        }

        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Write(StringBuilder html, ReportSection section, string id)
    {
        html.Append(CultureInfo.InvariantCulture, $"<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{Text(section.Title)}</h2>\n<p>{Text(section.Note)}</p>\n");
        if (section.Plot is { } plot)
        {
            html.Append(CultureInfo.InvariantCulture, $"<figure>{SvgPlot.Draw(plot, id, section.Title)}</figure>\n");
            if (plot.Series.Count > 1)
            {
                html.Append("<ul class=\"legend\">");
                for (var style = 0; style < plot.Series.Count; style++)
                {
                    html.Append(CultureInfo.InvariantCulture, $"<li>{SvgPlot.Sample(plot.Kind, style, plot.Series[style].IsFront)}{Text(plot.Series[style].Name)}</li>");
                }

                html.Append("</ul>\n");
            }
        }

        var isFolded = section.Plot is not null && section.Table.Rows.Count > LongTable;
        html.Append(isFolded ? $"<details><summary>Data: {section.Table.Rows.Count.ToString(CultureInfo.InvariantCulture)} rows</summary>\n" : "");
        Write(html, section.Table, section.Title);
        html.Append(isFolded ? "</details>\n" : "").Append("</section>\n");
    }

    private static void Write(StringBuilder html, ReportTable table, string title)
    {
        var isNumber = table.Columns.Select((_, column) => column > 0 && table.Rows.Any() && table.Rows.All(row => IsNumber(row[column]))).ToArray();
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{Text($"Table: {title}")}\"><table>\n<caption>{Text(title)}</caption>\n<thead><tr>");
        for (var column = 0; column < table.Columns.Count; column++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\"{(isNumber[column] ? " class=\"n\"" : "")}>{Text(table.Columns[column])}</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Text(row[0])}</th>");
            for (var column = 1; column < row.Count; column++)
            {
                html.Append(CultureInfo.InvariantCulture, $"<td{(isNumber[column] ? " class=\"n\"" : "")}>{Text(row[column])}</td>");
            }

            html.Append("</tr>\n");
        }

        html.Append("</tbody>\n</table></div>\n");
    }

    private static bool IsNumber(string text) => text.Length == 0 || double.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out _);

    /// <summary>Text as HTML shows it. Control characters have no form there; a browser would show them as it likes.</summary>
    internal static string Text(string text) => WebUtility.HtmlEncode(new string([.. text.Where(letter => !char.IsControl(letter) || letter is '\n' or '\t')]));
}
