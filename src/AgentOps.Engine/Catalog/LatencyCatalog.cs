using System.Globalization;
using AgentOps.Engine.Errors;
using AgentOps.Simulation.Calibration;
using AgentOps.Simulation.Latency;

namespace AgentOps.Engine.Catalog;

/// <summary>The fitted coefficients of the step-latency model, and where they come from.</summary>
public static class LatencyCatalog
{
    private const string FileName = "latency.yaml";

    /// <summary>Reads the coefficients: a user's own where there are any, else the built-in ones.</summary>
    /// <param name="path">A folder or a file named <c>latency.yaml</c>; null for none.</param>
    /// <exception cref="AgentOpsException">A file is malformed; says file, line and column.</exception>
    public static LatencyCoefficients Load(string? path = null)
    {
        using var own = CatalogText.Own(path, FileName, out var file);
        if (own is not null)
        {
            return Read(file, own);
        }

        using var text = CatalogText.BuiltIn(FileName);
        return Read(FileName, text);
    }

    /// <summary>Writes coefficients as a catalog file.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="coefficients">What.</param>
    /// <param name="source">What they were fitted on.</param>
    public static void Write(TextWriter writer, LatencyCoefficients coefficients, string source)
    {
        writer.WriteLine("- name: default");
        foreach (var parameter in FitParameter.All)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {parameter.Name}: {parameter.Get(coefficients):G5}"));
        }

        writer.WriteLine($"  source: {source.ReplaceLineEndings(" ")}");
    }

    private static LatencyCoefficients Read(string file, TextReader text)
    {
        var coefficients = new LatencyCoefficients();
        foreach (var node in CatalogNode.Entries(file, text))
        {
            _ = node.Text("name");
            _ = node.Text("source");
            foreach (var parameter in FitParameter.All)
            {
                var value = node.Number(parameter.Name, parameter.Get(coefficients));
                if (value <= 0 || value > parameter.Largest)
                {
                    throw new AgentOpsException(ErrorCodes.CatalogInvalid, $"{node.Place}: {parameter.Name} is out of its range.", node.Place);
                }

                coefficients = parameter.Set(coefficients, value);
            }

            node.RefuseUnknown();
        }

        return coefficients;
    }
}
