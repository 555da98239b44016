using System.Text;
using AgentOps.Engine.Routing.Quality;

namespace AgentOps.Benchmarks.Areas;

/// <summary>The MMLU answers of two models as RouteLLM publishes them: a file a subject, right or wrong a model.</summary>
internal static class MmluTable
{
    /// <summary>The table, weak model first; null where the folder is not there.</summary>
    public static QualityTable? Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        var examples = new List<QualityExample>();
        foreach (var file in Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal))
        {
            // prompt, weak, strong: the long form that the reader takes is made of it.
            using var reader = new StreamReader(file, Encoding.UTF8);
            foreach (var cells in QualityTable.ReadRows(reader).Skip(1).Where(cells => cells.Count == 3))
            {
                examples.Add(new QualityExample(cells[0], Path.GetFileNameWithoutExtension(file), [Score(cells[1]), Score(cells[2])], [0, 1]));
            }
        }

        return new QualityTable(["Mixtral-8x7B", "gpt-4-1106"], examples);
    }

    private static double Score(string text) => string.Equals(text, "True", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
}
