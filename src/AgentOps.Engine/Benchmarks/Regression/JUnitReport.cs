using System.Globalization;
using System.Text;
using System.Xml;

namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>Verdicts as JUnit XML, which every CI system reads: a suite a target, a case a metric, inconclusive as skipped.</summary>
public static class JUnitReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="output">Stays open.</param>
    /// <param name="verdicts">The verdicts.</param>
    public static void Write(Stream output, IReadOnlyList<TargetVerdict> verdicts)
    {
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) });
        xml.WriteStartElement("testsuites");
        xml.WriteAttributeString("name", "AgentOps endpoint benchmark");
        Count(xml, verdicts.SelectMany(verdict => verdict.Metrics));
        foreach (var verdict in verdicts)
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", Clean(verdict.Target));
            Count(xml, verdict.Metrics);
            foreach (var metric in verdict.Metrics)
            {
                xml.WriteStartElement("testcase");
                xml.WriteAttributeString("classname", Clean(verdict.Target));
                xml.WriteAttributeString("name", Clean(metric.Metric));
                var element = metric.Outcome switch { GateOutcome.Fail => "failure", GateOutcome.Inconclusive => "skipped", _ => "system-out" };
                xml.WriteStartElement(element);
                if (metric.Outcome != GateOutcome.Pass)
                {
                    xml.WriteAttributeString("message", Clean(metric.Reason));
                }

                xml.WriteString(Clean(metric.Reason));
                xml.WriteEndElement();
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Count(XmlWriter xml, IEnumerable<MetricVerdict> metrics)
    {
        var all = metrics.ToArray();
        xml.WriteAttributeString("tests", Number(all.Length));
        xml.WriteAttributeString("failures", Number(all.Count(metric => metric.Outcome == GateOutcome.Fail)));
        xml.WriteAttributeString("skipped", Number(all.Count(metric => metric.Outcome == GateOutcome.Inconclusive)));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    // A name from outside may hold what XML can't.
    private static string Clean(string text) => string.Concat(text.Where(XmlConvert.IsXmlChar));
}
